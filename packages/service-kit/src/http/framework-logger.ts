import type { FastifyBaseLogger } from "fastify";
import type { Logger } from "../log/logger.ts";

type Line = (fields: unknown, message?: string) => void;

/**
 * Our logger in the form that the framework calls: fields first, then the message, or the message alone.
 * The framework makes a child for every request and seldom uses it, so that a child becomes one of ours
 * only when it is used.
 */
export function frameworkLogger(logger: () => Logger): FastifyBaseLogger {
  const line =
    (level: "debug" | "info" | "warn" | "error"): Line =>
    (fields, message) => {
      if (typeof fields === "string") logger()[level](fields);
      else if (fields instanceof Error)
        logger()[level](message ?? fields.message, { error: fields });
      else logger()[level](message ?? "framework", (fields ?? {}) as Record<string, unknown>);
    };
  return {
    level: "debug",
    trace() {},
    silent() {},
    debug: line("debug"),
    info: line("info"),
    warn: line("warn"),
    error: line("error"),
    fatal: line("error"),
    child: (bindings: Record<string, unknown>) => frameworkLogger(() => logger().child(bindings)),
  } as FastifyBaseLogger;
}
