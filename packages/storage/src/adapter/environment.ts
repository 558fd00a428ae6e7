import { StorageError } from "../errors.ts";

/** Environment variables; an empty one is absent. */
export type Environment = Readonly<Record<string, string | undefined>>;

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Reads variables; each refusal names the variable and the form it should have. */
export class EnvironmentReader {
  readonly #env: Environment;

  constructor(env: Environment) {
    this.#env = env;
  }

  /** `undefined` when the variable is absent or empty. */
  text(name: string): string | undefined {
    return this.#env[name] || undefined;
  }

  oneOf<Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    return this.#read(name, `one of ${words.join(", ")}`, (text) =>
      words.find((word) => word === text),
    );
  }

  count(name: string): number | undefined {
    return this.#read(name, "a whole number from 0, such as 25", (text) =>
      /^\d{1,9}$/.test(text) ? Number(text) : undefined,
    );
  }

  /** In milliseconds. */
  duration(name: string): number | undefined {
    return this.#read(name, "a time such as 500ms, 30s or 5m", (text) => {
      const [, digits, unit = ""] = /^(\d{1,9})(ms|s|m|h)$/.exec(text) ?? [];
      return digits === undefined ? undefined : Number(digits) * (UNITS[unit] ?? 1);
    });
  }

  #read<Value>(
    name: string,
    form: string,
    parse: (text: string) => Value | undefined,
  ): Value | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = parse(text);
    if (value === undefined) throw refused(name, form);
    return value;
  }
}

/** Does not repeat the value, which may be a secret in the wrong place. */
export function refused(name: string, form: string): StorageError {
  return new StorageError("invalid_query", `${name} must be ${form}`);
}
