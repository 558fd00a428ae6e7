import type { StorageLogger } from "@tse/storage";

/** Remembers what was said. */
export class TestLog implements StorageLogger {
  readonly lines: string[] = [];

  info(message: string): void {
    this.lines.push(message);
  }

  warn(message: string): void {
    this.lines.push(message);
  }
}
