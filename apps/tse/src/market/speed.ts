import { countText } from "../readable.ts";

/** How fast something was simulated. */
export interface Speed {
  /** Of simulated time for each symbol. */
  readonly simulatedSeconds: number;
  /** That it took. */
  readonly seconds: number;
  readonly simulatedSecondsPerSecond: number;
}

export interface CandleSpeed extends Speed {
  readonly microsecondsPerAssetSecond: number;
}

/** @param times how often that time was simulated, one after the other */
export function speedOf(simulated: number, seconds: number, times: number): Speed {
  return {
    simulatedSeconds: simulated,
    seconds: Number(seconds.toFixed(3)),
    simulatedSecondsPerSecond: Math.round((simulated * times) / seconds),
  };
}

/** Of prices and their candles. @param assets how many were simulated together */
export function candleSpeed(
  simulated: number,
  seconds: number,
  { times, assets }: { readonly times: number; readonly assets: number },
): CandleSpeed {
  const microseconds = (seconds * 1e6) / (simulated * times * assets);
  return {
    ...speedOf(simulated, seconds, times),
    microsecondsPerAssetSecond: Number(microseconds.toFixed(3)),
  };
}

/** `720,961 simulated seconds per second, 0.694 µs per asset-second, candles included` */
export function speedText(speed: Speed | CandleSpeed): string {
  const of =
    "microsecondsPerAssetSecond" in speed
      ? `${speed.microsecondsPerAssetSecond} µs per asset-second, candles included`
      : "full order flow of one symbol";
  return `${countText(speed.simulatedSecondsPerSecond)} simulated seconds per second, ${of}`;
}
