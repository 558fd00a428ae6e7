/** Optional numbers of an asset. */
const OPTIONAL = new Set(["prompt", "volumeTies", "roughness"]);

/** Lists that keep their length. */
const FIXED = new Set(["hours"]);

/** Least and most of numbers by the last names of their path, two before one; all others are from 0 to 10^15. */
const LIMITS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  "activity.sector": [1e-3, 1e3],
  "activity.rate": [1e-6, 1],
  "activity.lowest": [1e-6, 1],
  leverage: [-1, 1],
  market: [-1, 1],
  sector: [-1, 1],
  commonVolatility: [0, 1],
  common: [0, 1],
  joining: [0, 1],
  down: [0, 1],
  burst: [0, 1],
  cut: [1e-9, 1],
  offspring: [0, 0.95],
  share: [0, 1],
  memory: [1e-3, 1e12],
  halfLife: [1e-3, 1e12],
  lowest: [1e-9, 1e15],
  start: [1e-9, 1e15],
  highest: [1e-9, 1e15],
  volatility: [1e-6, 100],
  dayVolume: [1e-9, 1e15],
  gate: [1e-6, 1e6],
  hours: [1e-3, 1e3],
  weekend: [1e-3, 1e3],
  fullHour: [1e-3, 1e3],
  quarterHour: [1e-3, 1e3],
  variance: [0, 10],
  rate: [0, 1e4],
  strength: [-1, 1],
  season: [0, 10],
  tail: [0.1, 100],
  smallest: [0, 100],
  shareMin: [0, 10],
  shareMax: [0, 10],
  kicked: [0, 99],
  pace: [-5, 5],
  realised: [-5, 5],
  move: [-5, 5],
  noiseGrowth: [-5, 5],
};
const OTHERWISE = [0, 1e15] as const;

/**
 * How `value` differs from something that is built like `template`: the same fields, numbers inside their limits, texts that
 * are equal, lists of like items. Each fault is a sentence that begins with the field's path.
 */
export function parameterFaults(path: string, value: unknown, template: unknown): string[] {
  if (typeof template === "number") return numberFaults(path, value);
  if (typeof template === "string") {
    return value === template ? [] : [`${path} is "${template}", not ${shown(value)}`];
  }
  if (Array.isArray(template)) return listFaults(path, value, template);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [`${path} is an object, not ${shown(value)}`];
  }
  return fieldFaults(path, value as Fields, template as Fields);
}

type Fields = Readonly<Record<string, unknown>>;

function fieldFaults(path: string, value: Fields, template: Fields): string[] {
  const faults: string[] = [];
  for (const [name, like] of Object.entries(template)) {
    if (value[name] !== undefined)
      faults.push(...parameterFaults(`${path}.${name}`, value[name], like));
    else if (!OPTIONAL.has(name)) faults.push(`${path}.${name} is missing`);
  }
  for (const [name, extra] of Object.entries(value)) {
    if (Object.hasOwn(template, name)) continue;
    if (OPTIONAL.has(name)) faults.push(...numberFaults(`${path}.${name}`, extra));
    else faults.push(`${path}.${name} is not a known field`);
  }
  return faults;
}

function listFaults(path: string, value: unknown, template: readonly unknown[]): string[] {
  if (!Array.isArray(value)) return [`${path} is a list, not ${shown(value)}`];
  if (FIXED.has(nameOf(path)) && value.length !== template.length) {
    return [`${path} has ${template.length} items, not ${value.length}`];
  }
  if (value.length === 0 || value.length > 100) return [`${path} has 1 to 100 items`];
  return value.flatMap((item, i) => parameterFaults(`${path}[${i}]`, item, template[0]));
}

function numberFaults(path: string, value: unknown): string[] {
  const [least, most] = LIMITS[parentOf(path)] ?? LIMITS[nameOf(path)] ?? OTHERWISE;
  const isGood = typeof value === "number" && value >= least && value <= most;
  return isGood ? [] : [`${path} is a number from ${least} to ${most}, not ${shown(value)}`];
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1).replace(/\[\d+\]$/, "");
}

/** `activity.rate` of `shape.activity.rate`. */
function parentOf(path: string): string {
  return path.split(".").slice(-2).join(".");
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? "nothing").slice(0, 40);
}
