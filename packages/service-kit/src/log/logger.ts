import { type DestinationStream, destination, pino } from "pino";
import { redact } from "./redact.ts";
import { textLines } from "./text-lines.ts";

export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Structured logging: a message that is the same each time, and fields for what differs. An error goes
 * in as the field `error`. Secrets are hidden by their field's name.
 */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;

  /** A logger that adds `fields` to each line; its level is this one's, also when that changes. */
  child(fields: LogFields): Logger;
}

/** The root logger: it alone decides which lines are written. */
export interface RootLogger extends Logger {
  /** Least severe level that is written. May be set at any time; holds for all children. */
  level: LogLevel;
}

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: "json" | "text";
  readonly service: string;
  readonly instance: string;
  readonly version: string;
  readonly environment: string;
  /** Where lines go; standard error by default. */
  readonly stream?: DestinationStream;
}

/** What relates a line to a request; empty on a line that belongs to none. */
const UNRELATED = { correlation_id: "", trace_id: "", span_id: "" };

/** One line of JSON, or of text, a call. Lines are written before the call returns. */
export function createLogger(options: LogOptions): RootLogger {
  const stream = options.stream ?? destination({ fd: 2, sync: true });
  const writer = pino(
    {
      level: "debug",
      base: null,
      messageKey: "message",
      timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
      serializers: {},
    },
    options.format === "text" ? textLines(stream) : stream,
  );
  const identity = {
    service_name: options.service,
    instance_name: options.instance,
    version: options.version,
    environment: options.environment,
  };
  return new PinoLogger(writer, { level: options.level }, identity);
}

class PinoLogger implements RootLogger {
  readonly #writer: pino.Logger;
  /** Shared by a root and all its children. */
  readonly #threshold: { level: LogLevel };
  readonly #fields: LogFields;

  constructor(writer: pino.Logger, threshold: { level: LogLevel }, fields: LogFields) {
    this.#writer = writer;
    this.#threshold = threshold;
    this.#fields = fields;
  }

  get level(): LogLevel {
    return this.#threshold.level;
  }

  set level(level: LogLevel) {
    this.#threshold.level = level;
  }

  debug(message: string, fields?: LogFields): void {
    this.#write("debug", message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#write("info", message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#write("warn", message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#write("error", message, fields);
  }

  child(fields: LogFields): Logger {
    return new PinoLogger(this.#writer, this.#threshold, { ...this.#fields, ...redact(fields) });
  }

  #write(level: LogLevel, message: string, fields: LogFields | undefined): void {
    if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(this.#threshold.level)) return;
    const own = fields === undefined ? undefined : redact(fields);
    this.#writer[level]({ ...UNRELATED, ...own, ...this.#fields }, message);
  }
}

/** Writes nothing. For tests and libraries that insist on a logger. */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLogger,
};
