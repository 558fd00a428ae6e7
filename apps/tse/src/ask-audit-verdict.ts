import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AuditVerdict } from "@tse/exchange-data-adapter";
import { dataDirOf } from "@tse/exchange-simulator";
import { Refused } from "./refused.ts";
import type { WorldPlace } from "./settings.ts";

/** How long a world may take to look through its audit trail. */
const PATIENCE_MS = 600_000;

interface Access extends WorldPlace {
  readonly adminToken: string | undefined;
}

/** Lets a running world verify its own audit trail. @throws Refused when it does not answer as it should */
export async function askAuditVerdict(url: string, access: Access): Promise<AuditVerdict> {
  const token = access.adminToken ?? (await keptToken(access));
  const address = new URL("/admin/audit/verify", url);
  let response: Response;
  try {
    response = await fetch(address, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch (cause) {
    throw new Refused(`nothing answers at ${address.origin}: is the world running there?`, {
      cause,
    });
  }
  if (response.status === 401) {
    throw new Refused(`${address.origin} has another admin token: give it in ADMIN_TOKEN`);
  }
  if (!response.ok) {
    throw new Refused(`${address.origin} answered ${response.status}: ${await response.text()}`);
  }
  const { intact: _, ...verdict } = (await response.json()) as { intact: boolean } & AuditVerdict;
  return verdict as AuditVerdict;
}

/** The token that the world made at its start. */
async function keptToken(place: WorldPlace): Promise<string> {
  const file = join(dataDirOf(place), "admin-token");
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (cause) {
    throw new Refused(`there is no admin token in ${file}: give it in ADMIN_TOKEN`, { cause });
  }
}
