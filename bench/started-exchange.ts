import { fork } from "node:child_process";
import { once } from "node:events";

/** What the exchange's process tells when it is ready. */
export interface Started {
  readonly readyMs: number;
  readonly sequence: number;
  readonly http: string;
  readonly admin: string;
  readonly demo: { readonly accountId: string; readonly keyId: string; readonly secret: string };
}

export interface StartOptions {
  readonly store: "memory" | "embedded" | "postgres";
  readonly postgresUrl?: string;
  readonly schema?: string;
}

/** The exchange on a world, as a process of its own that only the bench works with. */
export async function startExchange(directory: string, options: StartOptions) {
  const { store, postgresUrl = "", schema = "" } = options;
  const file = new URL("./recovery-process.ts", import.meta.url);
  const child = fork(file, [directory, "--store", store], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: { ...process.env, BENCH_POSTGRES_URL: postgresUrl, BENCH_SCHEMA: schema },
  });
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`the exchange ended with ${code} before it was ready`);
  });
  const [started] = (await Promise.race([once(child, "message"), ended])) as [Started];
  return {
    started,
    async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
      const exited = once(child, "exit");
      child.kill(signal);
      await exited;
    },
  };
}

export type StartedExchange = Awaited<ReturnType<typeof startExchange>>;
