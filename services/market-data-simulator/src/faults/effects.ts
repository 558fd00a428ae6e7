import { z } from "zod";

const share = z.number().min(0).max(1);
const ms = z.number().min(0).max(60_000);

/** What may be done on purpose to what a subscriber is sent. Names are in snake case, as in scenarios. */
export const EFFECTS = {
  /** Everything comes later, in order: by the latency and up to the jitter more. */
  latency: z.strictObject({ latency_ms: ms, jitter_ms: ms.default(0) }),
  /** Each event is lost with this probability. */
  drop: z.strictObject({ probability: share }),
  /** Each event comes twice with this probability. */
  duplicate: z.strictObject({ probability: share }),
  /** Each event comes behind the `distance` events after it, with this probability. */
  reorder: z.strictObject({ probability: share, distance: z.int().min(1).max(100).default(1) }),
  /** Nothing comes. */
  freeze: z.strictObject({}),
  /** The next so many events of each symbol are lost, once. */
  gap: z.strictObject({ length: z.int().min(1).max(100_000) }),
  /** The connection is ended at the beginning, with this probability. */
  disconnect: z.strictObject({ probability: share.default(1) }),
  /** Bursts of loss (Gilbert and Elliott): two states, entered and left with a probability at each event. */
  burst: z.strictObject({ enter: share, leave: share, loss: share.default(1) }),
} as const;

export type EffectName = keyof typeof EFFECTS;

export const EFFECT_NAMES = Object.keys(EFFECTS) as [EffectName, ...EffectName[]];

/** One effect with its settings. */
export type Effect = {
  readonly [Name in EffectName]: { readonly name: Name } & Readonly<
    z.output<(typeof EFFECTS)[Name]>
  >;
}[EffectName];
