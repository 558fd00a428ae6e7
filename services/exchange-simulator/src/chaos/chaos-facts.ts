import type { Exchange, Origin } from "../exchange.ts";
import { type Fact, recordFact } from "../facts.ts";
import type { ChaosEntry, ChaosRecord } from "./chaos-record.ts";

/** Has all that chaos does journaled, for the audit trail. @returns ends it */
export function journalChaos(record: ChaosRecord, exchange: Pick<Exchange, "submit">): () => void {
  return record.subscribe((entry) => void recordFact(exchange, factOf(entry), originOf(entry)));
}

function factOf(entry: ChaosEntry): Fact {
  const { id, action, parameters, seed, applied, startedAt, expiresAt } = entry.rule;
  const rule = { action, parameters, seed, applied, startedAt, expiresAt };
  return {
    action: `chaos.${entry.kind}`,
    entityType: "chaos_rule",
    entityId: id,
    details: {
      ...rule,
      ...(entry.kind === "applied" && { target: entry.target }),
      ...(entry.kind === "ended" && { cause: entry.cause }),
    },
  };
}

function originOf(entry: ChaosEntry): Origin {
  const isAdmins =
    entry.kind === "started" || (entry.kind === "ended" && entry.cause !== "expired");
  return { actor: isAdmins ? "admin" : "engine", correlationId: entry.correlationId };
}
