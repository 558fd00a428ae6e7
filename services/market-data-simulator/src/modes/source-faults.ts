import { duration } from "@tse/domain";
import type { DrawnFault, SourceDisturbance } from "@tse/market-model";

/** What an operator does to a source of quotes. Plain data; without any of it the source is left alone. */
export interface SourceFault {
  /** Chance that a quote is lost besides, 0 to 1. */
  readonly loss: number;
  /** Microseconds. */
  readonly delay: number;
  /** Times the price that it says. */
  readonly factor: number;
}

/** What is done to a source's view of an asset. */
export interface DisturbedSource {
  readonly source: string;
  readonly asset: string;
  readonly fault: SourceFault;
}

export const NO_FAULT: SourceFault = { loss: 0, delay: 0, factor: 1 };

/** What operators and scenarios together do to a source's view of an asset; `undefined` when nobody does anything. */
export function disturbanceOf(
  own: SourceFault | undefined,
  scenarios: readonly DrawnFault[],
): SourceDisturbance | undefined {
  if (own === undefined && scenarios.length === 0) return undefined;
  const faults = [own ?? NO_FAULT, ...scenarios.map(faultOf)];
  return {
    loss: 1 - faults.reduce((kept, { loss }) => kept * (1 - loss), 1),
    delay: duration(faults.reduce((sum, { delay }) => sum + Math.round(delay), 0)),
    factor: faults.reduce((product, { factor }) => product * factor, 1),
  };
}

function faultOf({ fault, size }: DrawnFault): SourceFault {
  switch (fault) {
    case "freeze":
    case "gap":
      return { ...NO_FAULT, loss: 1 };
    case "loss":
      return { ...NO_FAULT, loss: Math.min(1, size) };
    case "latency":
      return { ...NO_FAULT, delay: size };
  }
}
