import { type AccountNumber, type Duration, duration, type InstrumentId } from "@tse/domain";
import { parseDuration } from "@tse/service-kit";
import type { VenueView } from "@tse/venue";
import { z } from "zod";
import { findInstrument } from "../symbols.ts";
import { FAULTS, type FaultAction, isFaultAction, TEMPLATES } from "./actions.ts";
import { BY_SYMBOL, COMMON_SETTINGS, number, type Scope } from "./fault.ts";

export type Parameters = Readonly<Record<string, unknown>>;

/** What is wrong with a parameter, as the schemas say it. */
export type Issue = z.core.$ZodIssue;

/** A fault about to start: every value checked, every name resolved. */
export interface Plan {
  readonly action: FaultAction;
  readonly settings: Parameters;
  readonly scope: Scope;
  readonly length: Duration;
  readonly seed: number | undefined;
}

export type Planned = { readonly plan: Plan } | { readonly issues: readonly Issue[] };

/** What names in parameters are looked up in. */
export type Names = Pick<VenueView, "instrumentNamed" | "instruments" | "accountById">;

/** Lets errors tell a missing parameter from one of another type. */
export const REPORT_INPUT = { reportInput: true } as const;

const DURATION_S_MAX = 86_400;
const INTENSITY = number(0, 1);

/** Reads the parameters of an action that starts a rule; `undefined` when there is no such action. */
export function planFault(
  action: string,
  parameters: Parameters,
  names: Names,
  defaultLength: Duration,
): Planned | undefined {
  const expanded = expand(action, parameters);
  if (expanded === undefined) return undefined;
  if ("issues" in expanded) return expanded;

  const { settings: shape } = FAULTS[expanded.action];
  const parsed = z
    .strictObject({ ...COMMON_SETTINGS, ...shape })
    .safeParse(expanded.parameters, REPORT_INPUT);
  if (!parsed.success) return { issues: parsed.error.issues };

  const { duration_s, duration: text, seed, ...settings } = parsed.data;
  const length = lengthOf(duration_s, text, defaultLength);
  const scope = scopeOf(settings, names);
  const issues = [...("issues" in length ? length.issues : []), ...scope.issues];
  if (issues.length > 0 || "issues" in length) return { issues };
  return { plan: { action: expanded.action, settings, scope, length: length.value, seed } };
}

/** The symbols of an action that has no other parameter; `undefined` stands for all. */
export function readSymbols(
  parameters: Parameters,
  names: Names,
): { readonly instruments: Scope["instruments"] } | { readonly issues: readonly Issue[] } {
  const parsed = z.strictObject(BY_SYMBOL).safeParse(parameters, REPORT_INPUT);
  if (!parsed.success) return { issues: parsed.error.issues };
  const { instruments, issues } = scopeOf(parsed.data, names);
  return issues.length > 0 ? { issues } : { instruments };
}

type Expanded =
  | { readonly action: FaultAction; readonly parameters: Parameters }
  | { readonly issues: readonly Issue[] };

/** Turns a template and its intensity into the fault and the settings that it stands for. */
function expand(action: string, parameters: Parameters): Expanded | undefined {
  const template =
    "intensity" in parameters || !isFaultAction(action) ? TEMPLATES.get(action) : undefined;
  if (template === undefined) return isFaultAction(action) ? { action, parameters } : undefined;

  const { intensity, ...rest } = parameters;
  const parsed = z.strictObject({ intensity: INTENSITY }).safeParse({ intensity }, REPORT_INPUT);
  if (!parsed.success) return { issues: parsed.error.issues };
  const settings = template.settings(parsed.data.intensity);
  const twice = Object.keys(settings).filter((name) => name in rest);
  return twice.length === 0
    ? { action: template.action, parameters: { ...rest, ...settings } }
    : {
        issues: twice.map((name) =>
          issue([name], "combination", "follows from intensity: give one of the two"),
        ),
      };
}

function lengthOf(
  seconds: number | undefined,
  text: string | undefined,
  defaultLength: Duration,
): { readonly value: Duration } | { readonly issues: readonly Issue[] } {
  if (seconds !== undefined && text !== undefined) {
    return { issues: [issue(["duration"], "combination", "excludes duration_s")] };
  }
  if (seconds !== undefined) return { value: duration(Math.round(seconds * 1_000_000)) };
  if (text === undefined) return { value: defaultLength };

  const length = parseDuration(text);
  return length === undefined || length > DURATION_S_MAX * 1_000_000
    ? {
        issues: [
          issue(["duration"], "duration", "must be a duration such as 30s or 5m, at most 24h"),
        ],
      }
    : { value: length };
}

/** Looks up the names in `symbols` and `affected_accounts`, if the fault has these settings. */
function scopeOf(
  settings: Parameters,
  names: Names,
): Scope & { readonly issues: readonly Issue[] } {
  const issues: Issue[] = [];
  const resolve = <Id>(setting: string, what: string, find: (name: string) => Id | undefined) => {
    const given = settings[setting] as readonly string[] | undefined;
    if (given === undefined) return undefined;
    const found = given.map((name, index) => {
      const id = find(name);
      if (id === undefined) issues.push(issue([setting, index], "unknown", `names no ${what}`));
      return id as Id;
    });
    return new Set(found);
  };
  const instruments = resolve<InstrumentId>(
    "symbols",
    "instrument",
    (name) => findInstrument(names, name)?.id,
  );
  const accounts = resolve<AccountNumber>(
    "affected_accounts",
    "account",
    (id) => names.accountById(id)?.number,
  );
  return { instruments, accounts, issues };
}

function issue(path: PropertyKey[], rule: string, message: string): Issue {
  return { code: "custom", path, message, params: { rule } };
}
