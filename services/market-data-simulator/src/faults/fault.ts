import type { Timestamp } from "@tse/domain";
import type { ClientKind } from "../fan-out/subscriber.ts";
import type { StreamEvent } from "../fan-out/topic.ts";
import type { Effect } from "./effects.ts";

/** Whom a fault strikes; what is absent leaves nobody out. */
export interface Target {
  readonly symbols?: readonly string[] | undefined;
  readonly clientTypes?: readonly ClientKind[] | undefined;
  /** Numbers of subscribers. */
  readonly subscribers?: readonly number[] | undefined;
}

/** A fault in force. */
export interface Fault {
  readonly id: string;
  /** The name of the action that began it: an effect, or `feed-disruption`. */
  readonly action: string;
  readonly effects: readonly Effect[];
  readonly target: Target;
  readonly seed: string;
  readonly startedAt: Timestamp;
  readonly endsAt: Timestamp;
  /** Events that it did something to. */
  applied: number;
}

/** One thing that a fault did: ground truth, to compare with what others noticed. */
export interface FaultEntry {
  readonly at: Timestamp;
  readonly faultId: string;
  readonly effect: Effect["name"];
  readonly subscriber: number;
  readonly clientType: ClientKind;
  /** What it was done to; `undefined` for the whole connection. */
  readonly event: Pick<StreamEvent, "topic" | "sequence"> | undefined;
}

export function strikes(
  { target }: Pick<Fault, "target">,
  who: { readonly number: number; readonly kind: ClientKind },
): boolean {
  const { clientTypes, subscribers } = target;
  const isKind = clientTypes === undefined || clientTypes.includes(who.kind);
  return isKind && (subscribers === undefined || subscribers.includes(who.number));
}

export function concerns({ target }: Pick<Fault, "target">, { topic }: StreamEvent): boolean {
  return target.symbols === undefined || target.symbols.includes(topic.symbol);
}
