import { IMPACT_FACTS } from "./impact-facts.ts";
import { ORDER_FACTS } from "./order-facts.ts";
import { QUOTE_FACTS } from "./quote-facts.ts";
import type { Tape } from "./tape.ts";
import type { TickFact } from "./tick-fact.ts";
import { tickSample } from "./tick-sample.ts";

/** Every fact of a tape: rows 1 to 19. */
export const TICK_FACTS = {
  ...ORDER_FACTS,
  ...QUOTE_FACTS,
  ...IMPACT_FACTS,
} as const satisfies Record<string, TickFact>;

export type TickFactId = keyof typeof TICK_FACTS;

/** The facts of a tape without fault (`tapeFault`), as a whole; `undefined` where it has no such number. */
export function tickFacts(tape: Tape): Readonly<Record<TickFactId, number | undefined>> {
  const sample = tickSample(tape);
  const entries = Object.entries<TickFact>(TICK_FACTS).map(
    ([id, fact]) => [id, fact.measure(sample)] as const,
  );
  return Object.fromEntries(entries) as Record<TickFactId, number | undefined>;
}
