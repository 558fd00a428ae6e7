import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { dataDirOf } from "@tse/exchange-simulator";
import { Refused } from "./refused.ts";
import type { Access, WorldPlace } from "./settings.ts";

/** How long a world may take to answer. */
const PATIENCE_MS = 600_000;

export interface Question {
  /** Admin listener of a running world. */
  readonly url: string;
  /** With the query. */
  readonly path: string;
  /** JSON to post; nothing asks with GET. */
  readonly body?: string;
}

/**
 * Asks the admin listener of a running world.
 *
 * @returns its answer, be it a refusal
 * @throws Refused when nothing answers, or it has another token
 */
export async function askWorld({ url, path, body }: Question, access: Access): Promise<Response> {
  const token = access.adminToken ?? (await keptToken(access));
  const address = new URL(path, url);
  const json = body === undefined ? {} : { "content-type": "application/json" };
  let response: Response;
  try {
    response = await fetch(address, {
      headers: { authorization: `Bearer ${token}`, ...json },
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...(body !== undefined && { method: "POST", body }),
    });
  } catch (cause) {
    throw new Refused(`nothing answers at ${address.origin}: is the world running there?`, {
      cause,
    });
  }
  if (response.status === 401) {
    throw new Refused(`${address.origin} has another admin token: give it in ADMIN_TOKEN`);
  }
  return response;
}

/** @throws Refused with what the world said instead of an answer */
export async function unexpected(response: Response): Promise<never> {
  const { origin } = new URL(response.url);
  throw new Refused(`${origin} answered ${response.status}: ${await response.text()}`);
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
