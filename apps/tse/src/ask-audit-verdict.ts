import type { AuditVerdict } from "@tse/exchange-data-adapter";
import { askWorld, unexpected } from "./ask-world.ts";
import type { Access } from "./settings.ts";

/** Lets a running world verify its own audit trail. @throws Refused when it does not answer as it should */
export async function askAuditVerdict(url: string, access: Access): Promise<AuditVerdict> {
  const response = await askWorld({ url, path: "/admin/audit/verify" }, access);
  if (!response.ok) return await unexpected(response);
  const { intact: _, ...verdict } = (await response.json()) as { intact: boolean } & AuditVerdict;
  return verdict as AuditVerdict;
}
