import { receiveWindow, signatureText, time } from "./parameter-types.ts";
import { mandatory, optional, type Parameters, type Sent, type Values } from "./parameters.ts";

/**
 * What a caller must show: `none` nothing; `user_data` and `trade` a key with that scope, a timestamp
 * and a signature.
 */
export type Security = "none" | "user_data" | "trade";

export interface Endpoint<Level extends Security = Security, Spec extends Parameters = Parameters> {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly security: Level;
  /** Request weight, or how it follows from what was sent, which is not checked yet then. */
  readonly weight: number | ((sent: Sent) => number);
  /** An order that is taken, or removed, costs no weight. */
  readonly freeOnSuccess?: boolean;
  readonly parameters: Spec;
}

/** Read after an endpoint's own parameters, on every one that must be signed. */
export const SIGNED = {
  recvWindow: optional(receiveWindow),
  timestamp: mandatory(time),
  signature: mandatory(signatureText),
} as const;

export type SignedValues = Values<typeof SIGNED>;

export function endpoint<Level extends Security, Spec extends Parameters>(
  described: Endpoint<Level, Spec>,
): Endpoint<Level, Spec> {
  return described;
}

/** A weight that grows with a numeric parameter: that of the first step that reaches it. */
export function weightBy(
  name: string,
  absent: number,
  steps: readonly (readonly [upTo: number, weight: number])[],
): (sent: Sent) => number {
  return (sent) => {
    const value = Number(sent.get(name) ?? absent);
    const step = steps.find(([upTo]) => value <= upTo);
    return (step ?? steps.at(-1) ?? [0, 1])[1];
  };
}

/** A weight that depends on how many symbols are asked for: one, a list, or none for all. */
export function weightBySymbols(of: (symbols: number | "all") => number): (sent: Sent) => number {
  return (sent) => {
    if (sent.has("symbol")) return of(1);
    const list = sent.get("symbols");
    return of(list === undefined ? "all" : list.split(",").length);
  };
}
