import { seededRandom } from "@tse/simulation";

/** `count` independent standard normal numbers. */
export function gaussian(count: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length: count }, () => random.normal());
}

/** A stationary AR(1): each value `phi` times the one before plus noise; variance 1. */
export function autoregressive(count: number, phi: number, seed: number): Float64Array {
  const noise = gaussian(count, seed);
  const scale = Math.sqrt(1 - phi * phi);
  for (let i = 1; i < count; i++) noise[i] = phi * noise[i - 1]! + scale * noise[i]!;
  return noise;
}

/** Pareto numbers from 1 with `P(x > u) = u^-alpha`, each with a sign by chance. */
export function pareto(count: number, alpha: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length: count }, () => {
    const sign = random.next() < 0.5 ? -1 : 1;
    return sign * (1 - random.next()) ** (-1 / alpha);
  });
}

/** Fractional noise of memory `d` = H - 1/2: ARFIMA(0, d, 0) by its moving average, cut at `terms`. */
export function fractional(count: number, d: number, seed: number, terms = 4000): Float64Array {
  const noise = gaussian(count + terms, seed);
  const weights = new Float64Array(terms);
  weights[0] = 1;
  for (let k = 1; k < terms; k++) weights[k] = (weights[k - 1]! * (k - 1 + d)) / k;
  return Float64Array.from({ length: count }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < terms; k++) sum += weights[k]! * noise[i + terms - k]!;
    return sum;
  });
}
