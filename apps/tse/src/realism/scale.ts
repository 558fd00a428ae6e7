/** Where a value stands on an axis, and which values are named on it. */
export interface Scale {
  /** 0 at the axis's beginning, 1 at its end; beyond them for values outside. */
  at(value: number): number;
  readonly ticks: readonly number[];
}

export interface ScaleShape {
  readonly kind: "linear" | "log";
  readonly low: number;
  readonly high: number;
  /** Values to name, instead of round ones. */
  readonly ticks?: readonly number[];
}

const TICKS = 5;

export function scaleOf({ kind, low, high, ticks }: ScaleShape): Scale {
  if (kind === "linear") {
    const span = high - low || 1;
    return { at: (value) => (value - low) / span, ticks: ticks ?? roundTicks(low, high) };
  }
  const from = Math.log(low);
  const span = Math.log(high) - from || 1;
  return { at: (value) => (Math.log(value) - from) / span, ticks: ticks ?? decades(low, high) };
}

/** Multiples of 1, 2 or 5 times a power of ten. */
function roundTicks(low: number, high: number): number[] {
  const rough = (high - low || 1) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((times) => power * times >= rough) ?? 10);
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high * (1 + 1e-12) + step * 1e-9; i++) {
    ticks.push(Number((i * step).toPrecision(12)));
  }
  return ticks;
}

/** Powers of ten; with few of them, twos and fives between. */
function decades(low: number, high: number): number[] {
  const all = (of: readonly number[]): number[] => {
    const ticks: number[] = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
      for (const times of of) {
        const tick = Number((times * 10 ** power).toPrecision(12));
        if (tick >= low * 0.999 && tick <= high * 1.001) ticks.push(tick);
      }
    }
    return ticks;
  };
  const tens = all([1]);
  return tens.length >= 3 ? tens : all([1, 2, 5]);
}
