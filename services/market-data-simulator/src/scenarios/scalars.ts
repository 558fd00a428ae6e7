import { z } from "zod";

/** Microseconds of one of each unit. */
const UNITS: Readonly<Record<string, number>> = {
  us: 1,
  ms: 1_000,
  s: 1_000_000,
  m: 60_000_000,
  h: 3_600_000_000,
  d: 86_400_000_000,
};
const LENGTHS = /^(?:\d+(?:\.\d+)?(?:us|ms|s|m|h|d))+$/;
const SHARE = /^([+-]?\d+(?:\.\d+)?) ?%$/;

/** What reading one scalar gives: its value, or the rule that it breaks. */
type Reading = { readonly value: number } | { readonly rule: string };
type Reader = (scalar: unknown) => Reading;

/** A length of time such as `90s` or `1h30m`, in microseconds. */
const readTime: Reader = (scalar) => {
  if (typeof scalar !== "string" || !LENGTHS.test(scalar)) {
    return { rule: "a length of time such as 90s, 1h30m or 500ms" };
  }
  let time = 0;
  for (const [, count, unit] of scalar.matchAll(/(\d+(?:\.\d+)?)([a-z]+)/g)) {
    time += Number(count) * (UNITS[unit as string] as number);
  }
  return { value: Math.round(time) };
};

/** A share such as `-15 %` or -0.15. */
const readShare: Reader = (scalar) => {
  if (typeof scalar === "number" && Number.isFinite(scalar)) return { value: scalar };
  const digits = typeof scalar === "string" ? SHARE.exec(scalar)?.[1] : undefined;
  return digits === undefined
    ? { rule: "a share such as -15 % or -0.15" }
    : { value: Number(digits) / 100 };
};

/** A change of a price as a share of it; as a log return. */
const readChange: Reader = (scalar) => {
  const share = readShare(scalar);
  if ("rule" in share) return share;
  if (share.value <= -1) return { rule: "a price falls by less than 100 %" };
  return { value: Math.log1p(share.value) };
};

const readNumber: Reader = (scalar) =>
  typeof scalar === "number" && Number.isFinite(scalar) ? { value: scalar } : { rule: "a number" };

const MISSING = "this field is required";

/** One scalar, no range. */
function one(read: Reader) {
  return z.unknown().transform((scalar, context): number => readOne(read, scalar, context, []));
}

type Context = Parameters<Parameters<ReturnType<typeof z.unknown>["transform"]>[0]>[1];

function readOne(read: Reader, scalar: unknown, context: Context, path: number[]): number {
  const reading = scalar === undefined ? { rule: MISSING } : read(scalar);
  if ("value" in reading) return reading.value;
  context.addIssue({ code: "custom", message: reading.rule, path });
  return z.NEVER;
}

/** One scalar, or a range of two: [low, high]. */
function span(read: Reader) {
  return z.unknown().transform((given, context): number | [number, number] => {
    if (!Array.isArray(given)) return readOne(read, given, context, []);
    if (given.length !== 2) {
      context.addIssue({ code: "custom", message: "a range has two ends: [low, high]" });
      return z.NEVER;
    }
    return [readOne(read, given[0], context, [0]), readOne(read, given[1], context, [1])];
  });
}

export const time = one(readTime);
export const change = one(readChange);
export const number = one(readNumber);
export const times = span(readTime);
export const shares = span(readShare);
export const changes = span(readChange);
export const numbers = span(readNumber);
