import { type Duration, duration, isDecimal } from "@tse/domain";

/** How a setting's text becomes a value. */
export interface Parser<T> {
  /** What is accepted, to end the sentence "expected …". */
  readonly expected: string;
  /** `undefined` when `text` isn't what is expected. */
  parse(text: string): T | undefined;
  /** Text that parses to `value`. Not there when `String` makes it. */
  write?(value: T): string;
}

/** Any text, or only text that `pattern` matches, described by `expected`. */
export function text(pattern?: RegExp, expected = "text"): Parser<string> {
  return { expected, parse: (value) => (pattern?.test(value) === false ? undefined : value) };
}

export function oneOf<const Word extends string>(...words: readonly Word[]): Parser<Word> {
  return {
    expected: `one of ${words.join(", ")}`,
    parse: (value) => words.find((word) => word === value),
  };
}

/** A whole number, both ends included. */
export function integer(least: number, most: number): Parser<number> {
  return {
    expected: `a whole number from ${least} to ${most}`,
    parse(value) {
      if (!/^-?\d{1,16}$/.test(value)) return undefined;
      const number = Number(value);
      return number >= least && number <= most ? number : undefined;
    },
  };
}

/** An exact decimal, kept as text. */
export function decimal(): Parser<string> {
  return {
    expected: "a decimal such as 0.25",
    parse: (value) => (isDecimal(value) ? value : undefined),
  };
}

const TRUE = ["true", "1", "t", "yes", "on", "enabled"];
const FALSE = ["false", "0", "f", "no", "off", "disabled"];

/** A switch: in any case true, 1, t, yes, on, enabled, or false, 0, f, no, off, disabled. */
export function boolean(): Parser<boolean> {
  return {
    expected: "true or false",
    parse(value) {
      const word = value.toLowerCase();
      if (TRUE.includes(word)) return true;
      return FALSE.includes(word) ? false : undefined;
    },
  };
}

const MICROSECONDS = { us: 1, ms: 1_000, s: 1_000_000, m: 60_000_000, h: 3_600_000_000 } as const;

/** A length of time as text: a whole number and its unit, `100ms`, `300s`, `5m`, `1h`, `50us`. */
export function parseDuration(value: string): Duration | undefined {
  const match = /^(\d{1,12})(us|ms|s|m|h)$/.exec(value);
  if (match === null) return undefined;
  const microseconds = Number(match[1]) * MICROSECONDS[match[2] as keyof typeof MICROSECONDS];
  return Number.isSafeInteger(microseconds) ? duration(microseconds) : undefined;
}

/** The same text back, in the largest unit that has no fraction: `5m`, `300ms`. */
export function formatDuration(length: Duration): string {
  const units = Object.entries(MICROSECONDS).reverse();
  const [unit, size] = units.find(([, size]) => length % size === 0) ?? ["us", 1];
  return length === 0 ? "0s" : `${length / size}${unit}`;
}

/** A length of time, at least `least` (written as one). */
export function durationText(least = "0s"): Parser<Duration> {
  const shortest = parseDuration(least) ?? 0;
  const expected = "a duration such as 100ms, 300s or 5m";
  return {
    expected: shortest === 0 ? expected : `${expected}, at least ${least}`,
    parse(value) {
      const length = parseDuration(value);
      return length !== undefined && length >= shortest ? length : undefined;
    },
    write: formatDuration,
  };
}

/** Where another service listens. */
export interface Peer {
  readonly host: string;
  readonly httpPort: number;
  readonly grpcPort: number;
}

/** A service's address as `host:httpPort:grpcPort`; an IPv6 host stands in brackets. */
export function peer(): Parser<Peer | undefined> {
  const port = integer(1, 65_535);
  return {
    expected: "host:httpPort:grpcPort",
    parse(value) {
      const [, host, http = "", grpc = ""] =
        /^([\w.-]+|\[[\da-fA-F:.]+\]):(\d+):(\d+)$/.exec(value) ?? [];
      const [httpPort, grpcPort] = [port.parse(http), port.parse(grpc)];
      if (host === undefined || httpPort === undefined || grpcPort === undefined) return undefined;
      return { host, httpPort, grpcPort };
    },
    write: (of) => (of === undefined ? "" : `${of.host}:${of.httpPort}:${of.grpcPort}`),
  };
}

/** Items between commas, blanks around them dropped; no item may be empty, but the list may. */
export function list<T>(item: Parser<T>): Parser<readonly T[]> {
  return {
    expected: `a list, with commas between, of ${item.expected}`,
    parse(value) {
      if (value.trim() === "") return [];
      const items = value
        .split(",")
        .map((part) => (part.trim() === "" ? undefined : item.parse(part.trim())));
      return items.every((parsed) => parsed !== undefined) ? (items as T[]) : undefined;
    },
    write: (items) => items.map((one) => item.write?.(one) ?? String(one)).join(","),
  };
}
