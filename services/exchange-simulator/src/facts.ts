import type { AccountNumber } from "@tse/domain";
import { exactPayload } from "@tse/storage/adapter";
import { type Exchange, isUnavailable, type Origin } from "./exchange.ts";

/** Something that happened to the world and not in the venue. */
export interface Fact {
  /** `chaos.started`, `clock.changed`, `service.stopped`, … */
  readonly action: string;
  readonly entityType: string;
  readonly entityId: string;
  readonly account?: AccountNumber;
  readonly details: Readonly<Record<string, unknown>>;
}

const ENGINE: Origin = { actor: "engine", correlationId: "" };

/**
 * Writes facts into the journal, so that the audit trail has them in their place among the commands.
 * Resolves when the fact is durable, or when the exchange takes none now.
 */
export async function recordFact(
  exchange: Pick<Exchange, "submit">,
  { action, entityType, entityId, account, details }: Fact,
  origin: Origin = ENGINE,
): Promise<void> {
  const text = JSON.stringify(exactPayload(details));
  const named = { action, entityType, entityId, account, details: text };
  try {
    await exchange.submit({ kind: "record_fact", ...named }, origin);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
  }
}
