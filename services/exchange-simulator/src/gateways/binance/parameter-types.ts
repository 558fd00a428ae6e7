import { type Amount, parseAmount, parseDecimal, type Timestamp, timestamp } from "@tse/domain";
import { type FailureName, refused } from "./failures.ts";

/** How the text of a parameter becomes a value; throws what the client is told when it doesn't. */
export type ParameterType<Value> = (text: string, name: string) => Value;

/** @param range what is legal, as a regular expression, in the words that the live exchange shows */
const matching = (range: string): ParameterType<string> => {
  const legal = new RegExp(range);
  return (text, name) => {
    if (!legal.test(text)) throw refused("illegal_characters", name, range);
    return text;
  };
};

export const symbolName = matching("^[A-Z0-9-_.]{1,20}$");
export const clientOrderId = matching("^[\\.A-Z\\:/a-z0-9_-]{1,36}$");
export const signatureText = matching("^[A-Za-z0-9+/=]{1,1000}$");
const digits = matching("^[0-9]{1,20}$");
const decimalDigits = matching("^([0-9]{1,20})(\\.[0-9]{1,20})?$");
const symbolList = matching('^\\["[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,}\\]$');

/** `["BTCUSDT","ETHUSDT"]`: one symbol or more, none twice. */
export const symbolNames: ParameterType<readonly string[]> = (text, name) => {
  const symbols = JSON.parse(symbolList(text, name)) as readonly string[];
  if (new Set(symbols).size < symbols.length) throw refused("repeated_symbol");
  return symbols;
};

/** 0 to 2^53 - 1. */
export const integer: ParameterType<number> = (text, name) => {
  const value = Number(digits(text, name));
  if (!Number.isSafeInteger(value)) throw refused("overflow", name);
  return value;
};

/** 1 to `most`; more is taken as `most`. */
export const limitTo =
  (most: number): ParameterType<number> =>
  (text, name) => {
    const value = integer(text, name);
    if (value === 0) throw refused("not_valid", name);
    return Math.min(value, most);
  };

/** Milliseconds since 1970 from this on are microseconds: it is the year 5138. */
const MICROSECONDS_FROM = 100_000_000_000_000;

/** Milliseconds or microseconds since 1970, told apart by their size. */
export const time: ParameterType<Timestamp> = (text, name) => {
  const value = integer(text, name);
  return timestamp(value < MICROSECONDS_FROM ? value * 1000 : value);
};

/** As `time`, where a millisecond stands for the end of it. */
export const endTime: ParameterType<Timestamp> = (text, name) => {
  const value = integer(text, name);
  return timestamp(value < MICROSECONDS_FROM ? value * 1000 + 999 : value);
};

/** A decimal of at most 8 places, as text: what it counts depends on the instrument. */
export const decimal: ParameterType<string> = (text, name) => {
  if (parseDecimal(decimalDigits(text, name), 8) === undefined) throw refused("too_precise", name);
  return text;
};

export const money: ParameterType<Amount> = (text, name) => {
  const value = parseAmount(decimal(text, name));
  if (value === undefined) throw refused("overflow", name);
  return value;
};

const windowDigits = matching("^([0-9]{1,20})(\\.[0-9]{1,3})?$");

/** Milliseconds with up to three decimals, at most 60,000; as microseconds. */
export const receiveWindow: ParameterType<number> = (text, name) => {
  const value = Number(parseDecimal(windowDigits(text, name), 3));
  if (value > 60_000_000) throw refused("receive_window");
  return value;
};

export const flag: ParameterType<boolean> = (text, name) =>
  oneOf(["true", "false"] as const)(text.toLowerCase(), name) === "true";

/** One of these words, exactly. @param otherwise the failure that names this parameter by itself */
export const oneOf =
  <const Word extends string>(
    words: readonly Word[],
    otherwise?: FailureName,
  ): ParameterType<Word> =>
  (text, name) => {
    const word = words.find((each) => each === text);
    if (word !== undefined) return word;
    throw otherwise === undefined ? refused("not_valid", name) : refused(otherwise);
  };
