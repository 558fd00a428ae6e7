import { refused } from "./failures.ts";
import type { ParameterType } from "./parameter-types.ts";

export interface Parameter<Value, Mandatory extends boolean> {
  readonly parse: ParameterType<Value>;
  readonly mandatory: Mandatory;
}

/** An endpoint's parameters by name, in the order in which they are looked at. */
export type Parameters = Readonly<Record<string, Parameter<unknown, boolean>>>;

/** The values of `Spec`'s parameters: those that needn't be sent may be `undefined`. */
export type Values<Spec extends Parameters> = {
  readonly [Name in keyof Spec]: Spec[Name] extends Parameter<infer Value, true>
    ? Value
    : Spec[Name] extends Parameter<infer Value, boolean>
      ? Value | undefined
      : never;
};

export const mandatory = <Value>(parse: ParameterType<Value>): Parameter<Value, true> => ({
  parse,
  mandatory: true,
});

export const optional = <Value>(parse: ParameterType<Value>): Parameter<Value, false> => ({
  parse,
  mandatory: false,
});

/** What a client sent, by name. */
export type Sent = ReadonlyMap<string, string>;

/**
 * The parameters of a request: those of the query and, where the query doesn't have them, those of a
 * form body. A name may not come twice in one of them.
 */
export function sentParameters(query: string, body: string): Sent {
  const sent = new Map<string, string>();
  for (const [name, value] of unrepeated(query)) sent.set(name, value);
  for (const [name, value] of unrepeated(body)) if (!sent.has(name)) sent.set(name, value);
  return sent;
}

function unrepeated(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (values.has(name)) throw refused("repeated_parameter");
    values.set(name, value);
  }
  return values;
}

/** Reads what `spec` describes; throws for the first thing that isn't as it should be. */
export function readParameters<Spec extends Parameters>(spec: Spec, sent: Sent): Values<Spec> {
  const names = Object.keys(spec);
  if (sent.size > names.length) throw refused("too_many_parameters", names.length, sent.size);

  const values: Record<string, unknown> = {};
  let read = 0;
  for (const name of names) {
    const { parse, mandatory } = spec[name] as Parameter<unknown, boolean>;
    const text = sent.get(name);
    if (text !== undefined) {
      if (text === "") throw refused("empty", name);
      values[name] = parse(text, name);
      read += 1;
    } else if (mandatory) {
      throw refused("missing", name);
    }
  }
  if (read < sent.size) throw refused("unread_parameters", read, sent.size);
  return values as Values<Spec>;
}
