import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A JSON line that a process printed. */
export interface Line {
  readonly event: string;
}

/** A program of its own that tells what it does in JSON lines. Killed when it is disposed of. */
export class TalkingProcess<Said extends Line> implements AsyncDisposable {
  /** Everything that it said so far. */
  readonly lines: Said[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #isOver = false;
  #wake = Promise.withResolvers<void>();

  /** @param program to run, from the repository's root */
  constructor(program: string, argv: readonly string[], env: Readonly<Record<string, string>>) {
    const root = fileURLToPath(new URL("..", import.meta.url));
    this.#child = spawn(process.execPath, [program, ...argv], {
      cwd: root,
      env: { PATH: process.env.PATH, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#ended = once(this.#child, "close").finally(() => {
      this.#isOver = true;
      this.#wakeUp();
    });
    createInterface(this.#child.stdout!).on("line", (text) => {
      this.lines.push(JSON.parse(text));
      this.#wakeUp();
    });
  }

  /**
   * Waits until what it said is enough.
   *
   * @throws Error when it ends before
   */
  async until(isEnough: (lines: readonly Said[]) => boolean): Promise<void> {
    while (!isEnough(this.lines)) {
      if (this.#isOver) throw new Error(`it ended behind ${JSON.stringify(this.lines.at(-1))}`);
      await this.#wake.promise;
    }
  }

  /** Without a chance to tidy up. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }

  #wakeUp(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }
}
