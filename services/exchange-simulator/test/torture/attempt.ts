import type { Reply, Request } from "./connection.ts";

/** A command that was sent. It is recorded before it goes out, its answer when that has arrived. */
export interface Attempt {
  readonly action: "place" | "cancel" | "cancel_all" | "amend" | "deposit" | "transfer";
  readonly request: Request;
  /** Nothing else has it: the clientOrderId, the externalId, or the transfer's amount. */
  readonly name: string;
  /** The order that is cancelled or amended. */
  readonly target?: string;
  /** Answers that arrived: none, or one for each time that it was sent. */
  readonly replies: Reply[];
  /** Times sent without an answer so far. */
  pending: number;
  /** Times answered that nothing was taken, because storage is away. */
  turnedAway: number;
}

/** Whether sending it again must change nothing when it acted before. */
export function mayRepeat({ action, request }: Attempt): boolean {
  return action === "deposit" || request.idempotencyKey !== undefined;
}
