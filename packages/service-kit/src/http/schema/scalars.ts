import { parseAmount, type Timestamp } from "@tse/domain";
import { z } from "zod";
import { parseTime } from "../../clock/system-time.ts";
import { type Meaning, vocabulary } from "./vocabulary.ts";

/** What is wrong with a value: the rule's name, and the rest of a sentence that begins with the field. */
interface Fault {
  readonly rule: string;
  readonly message: string;
}

/** Says what is wrong with `text`, if anything is. */
type Test = (text: string) => Fault | undefined;

/** JSON has numbers, but a reader may turn them into floats: what is exact goes as text. */
const TYPE_FAULT = {
  error: ({ input }: { input?: unknown }) =>
    typeof input === "number" ? "must be a string, because a number may lose digits" : undefined,
};

/** Text that `test` finds no fault with, described by `meaning`. */
export function textSchema(test: Test, meaning: Meaning) {
  return z
    .string(TYPE_FAULT)
    .superRefine((text, context) => {
      const fault = test(text);
      if (fault === undefined) return;
      const { rule, message } = fault;
      context.addIssue({ code: "custom", message, params: { rule } });
    })
    .register(vocabulary, meaning);
}

const DECIMAL = /^[0-9]{1,40}(?:\.[0-9]{1,40})?$/;
const POSITIVE_DECIMAL = "^(?=.*[1-9])[0-9]{1,16}(\\.[0-9]{1,8})?$";

function faultOfDecimal(text: string): Fault | undefined {
  if (!DECIMAL.test(text)) {
    return { rule: "decimal", message: "must be plain digits with an optional fraction" };
  }
  const [whole = "", fraction = ""] = text.split(".");
  if (!/[1-9]/.test(text)) return { rule: "positive", message: "must be above zero" };
  if (fraction.length > 8) return { rule: "scale", message: "has at most 8 decimal places" };
  if (whole.length > 16) return { rule: "max", message: "is below 10000000000000000" };
  return undefined;
}

/** A positive decimal as text: at most 16 digits before the point and 8 after it. */
export function decimal(description: string, example: string) {
  const meaning = { description, pattern: POSITIVE_DECIMAL, examples: [example] };
  return textSchema(faultOfDecimal, meaning);
}

/** A positive decimal as money. */
export function money(description: string, example: string) {
  return decimal(description, example).transform((text, context) => {
    const value = parseAmount(text);
    if (value !== undefined) return value;
    context.addIssue({ code: "custom", message: "is not an amount", params: { rule: "decimal" } });
    return z.NEVER;
  });
}

/** A decimal in an answer. */
export function amountText(description: string, example: string) {
  return z.string().register(vocabulary, { description, examples: [example] });
}

/** Printable text of `min` to `max` characters (UTF-16 units). */
export function text(description: string, min: number, max: number, examples: string[]) {
  const pattern = "^[^\\u0000-\\u001f\\u007f]*$";
  const meaning = { description, minLength: min, maxLength: max, pattern, examples };
  return textSchema((value) => faultOfText(value, min, max), meaning);
}

function faultOfText(value: string, min: number, max: number): Fault | undefined {
  if (value.length < min || value.length > max) {
    return { rule: "length", message: `has ${min} to ${max} characters` };
  }
  const printable = value.isWellFormed() && !/\p{Cc}/u.test(value);
  return printable ? undefined : { rule: "text", message: "must not hold control characters" };
}

/** A whole number in a query: `min` to `max`, `preset` when not given. */
export function count(description: string, min: number, max: number, preset: number) {
  const inRange: Test = (value) => {
    const isWhole = /^[0-9]{1,9}$/.test(value);
    if (isWhole && Number(value) >= min && Number(value) <= max) return undefined;
    return { rule: "range", message: `must be a whole number from ${min} to ${max}` };
  };
  const meaning = {
    description: `${description} ${preset} when absent.`,
    type: "integer",
    minimum: min,
    maximum: max,
  };
  return textSchema(inRange, meaning).transform(Number).default(preset);
}

/** A time as RFC 3339 text with at most six fractional digits. */
export function instant(description: string) {
  const test: Test = (value) =>
    parseTime(value) === undefined
      ? { rule: "time", message: "must be a time such as 2026-01-05T14:23:30.120Z" }
      : undefined;
  const meaning = { description, format: "date-time", examples: ["2026-01-05T14:23:30.120Z"] };
  return textSchema(test, meaning).transform((value) => parseTime(value) as Timestamp);
}

/** A time in an answer, with milliseconds. */
export function timeText(description: string) {
  const examples = ["2026-01-05T14:23:30.120Z"];
  return z.string().register(vocabulary, { description, format: "date-time", examples });
}

const UUID = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$";

/** The id of something that the service made. */
export function id(description: string) {
  const shape = new RegExp(UUID);
  const test: Test = (value) =>
    shape.test(value) ? undefined : { rule: "uuid", message: "must be a UUID in lower case" };
  const examples = ["019b8e4a-7c3c-7002-8000-000000000001"];
  return textSchema(test, { description, format: "uuid", pattern: UUID, examples });
}

/** Where a list goes on, exactly as an earlier page gave it. */
export const cursor = textSchema(() => undefined, {
  description: "`nextCursor` of the page before.",
});
