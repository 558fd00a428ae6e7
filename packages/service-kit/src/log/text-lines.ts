import type { DestinationStream } from "pino";

/** Fields that say where a line comes from: the same on every line, so left out for people. */
const HIDDEN = new Set(["timestamp", "level", "message", "service_name", "version", "environment"]);

/** Turns each JSON line into `2026-01-05T14:23:30.120Z INFO  message field=value …`. */
export function textLines(to: DestinationStream): DestinationStream {
  return {
    write(line: string) {
      const fields = JSON.parse(line) as Record<string, unknown>;
      const details = Object.entries(fields)
        .filter(([name, value]) => !HIDDEN.has(name) && value !== "")
        .map(
          ([name, value]) =>
            ` ${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
        );
      const level = String(fields.level).toUpperCase().padEnd(5);
      to.write(`${fields.timestamp} ${level} ${fields.message}${details.join("")}\n`);
    },
  };
}
