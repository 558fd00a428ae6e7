import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const PROJECT = fileURLToPath(new URL("../../..", import.meta.url));
export const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));

export interface Ready {
  readonly event: "ready";
  readonly http: string;
  readonly admin: string;
  readonly ws: string;
  readonly adminToken: string;
  readonly dataDir?: string;
  readonly restored: number;
  readonly demo: { readonly accountId: string; readonly keyId: string; readonly secret: string };
  readonly marketData?: { readonly http: string };
}

/** Of a world that needs neither files nor a database: it starts in half the time. */
export const LIGHT = {
  STORE: "memory",
  JOURNAL: "memory",
  // A stop that takes longer ends with exit code 1.
  SHUTDOWN_TIMEOUT: "5s",
};

/** The command as a process of its own, in an empty directory. */
export class WorldProcess implements AsyncDisposable {
  readonly directory: string;
  readonly #child: ChildProcess;
  readonly #exit: Promise<number | null>;
  #stdout = "";
  #stderr = "";

  private constructor(child: ChildProcess, directory: string) {
    this.directory = directory;
    this.#child = child;
    this.#exit = once(child, "close").then(([code]) => code as number | null);
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#stdout += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text;
    });
  }

  static async start(
    args: readonly string[],
    environment: Readonly<Record<string, string>> = LIGHT,
  ): Promise<WorldProcess> {
    const directory = await mkdtemp(join(tmpdir(), "tse-"));
    const command = [process.execPath, MAIN, ...args];
    return WorldProcess.#spawn(command, directory, { cwd: directory, environment });
  }

  /** The same by the project's own script, in the project's directory. */
  static async npmStart(args: readonly string[]): Promise<WorldProcess> {
    const directory = await mkdtemp(join(tmpdir(), "tse-"));
    const command = ["npm", "start", "--silent", "--", ...args];
    const environment = { ...LIGHT, DATA_DIR: directory };
    return WorldProcess.#spawn(command, directory, { cwd: PROJECT, environment });
  }

  static #spawn(
    [command = "", ...args]: readonly string[],
    directory: string,
    { cwd, environment }: { cwd: string; environment: Readonly<Record<string, string>> },
  ): WorldProcess {
    const { PATH, NODE_COMPILE_CACHE } = process.env;
    const child = spawn(command, args, {
      cwd,
      env: { PATH, NODE_COMPILE_CACHE, NO_COLOR: "1", ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return new WorldProcess(child, directory);
  }

  /** Until standard output has a line that `pattern` matches. Fails when the process ends before. */
  async line(pattern: RegExp): Promise<string> {
    const { stdout } = this.#child;
    for (;;) {
      const found = this.stdout.split("\n").find((line) => pattern.test(line));
      if (found !== undefined) return found;
      const ended = this.#exit.then(() => "ended" as const);
      const news = stdout === null ? ended : once(stdout, "data");
      if ((await Promise.race([news, ended])) === "ended") {
        throw new Error(`the process ended without ${pattern}: ${this.#stderr}`);
      }
    }
  }

  async ready(): Promise<Ready> {
    return JSON.parse(await this.line(/"event":"ready"/)) as Ready;
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** The exit code, once the process has ended and its output was read. */
  exitCode(): Promise<number | null> {
    return this.#exit;
  }

  async stop(): Promise<number | null> {
    this.signal("SIGTERM");
    return await this.#exit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exit;
    await rm(this.directory, { recursive: true, force: true });
  }
}
