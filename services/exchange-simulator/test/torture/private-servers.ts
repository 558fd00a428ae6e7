import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chown, mkdtemp, readdir, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const CLUSTERS = "/usr/lib/postgresql";
const LOOK_EVERY_MS = 50;
const START_LIMIT_MS = 60_000;

/** A server that belongs to one test, on a port of its own, with its data in a directory of its own. */
export interface PrivateServer extends AsyncDisposable {
  readonly url: string;
  /** Resolves when it takes connections. */
  start(): Promise<void>;
  /** Ends it as its operator would, or as the kernel does. */
  stop(signal: "SIGINT" | "SIGKILL"): Promise<void>;
}

interface Recipe {
  readonly folder: string;
  readonly url: string;
  readonly launch: () => ChildProcess;
  /** Whether the server answers a query. */
  readonly answers: () => Promise<boolean>;
}

/** The directory of PostgreSQL's programs on this machine; `undefined` when there is none. */
export async function postgresPrograms(): Promise<string | undefined> {
  const versions = await readdir(CLUSTERS).catch(() => []);
  const newest = versions.toSorted((one, other) => Number(other) - Number(one))[0];
  return newest === undefined ? undefined : join(CLUSTERS, newest, "bin");
}

export interface PrivatePostgres extends PrivateServer {
  /** What a statement that gives one value says. */
  ask(statement: string): Promise<string>;
}

/** Not started yet; PostgreSQL doesn't run as root, so there it is the user `postgres` who runs it. */
export async function privatePostgres(programs: string): Promise<PrivatePostgres> {
  const { folder, port, as } = await place();
  const data = join(folder, "data");
  await run(join(programs, "initdb"), ["-D", data, "-U", "postgres", "-A", "trust", "-N"], as);
  const settings = ["-p", String(port), "-k", folder, "-c", "listen_addresses=127.0.0.1"];
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const postgres = server({
    folder,
    url,
    launch: () =>
      spawn(join(programs, "postgres"), ["-D", data, ...settings], { ...as, stdio: "ignore" }),
    answers: () =>
      run(join(programs, "pg_isready"), ["-h", "127.0.0.1", "-p", String(port)]).then(
        () => true,
        () => false,
      ),
  });
  const ask = async (statement: string) => {
    const { stdout } = await run(join(programs, "psql"), [url, "-tAc", statement]);
    return stdout.trim();
  };
  return { ...postgres, ask };
}

export interface PrivateRedis extends PrivateServer {
  /** What a command answers, as text. */
  ask(...command: readonly string[]): Promise<string>;
}

/** Not started yet. */
export async function privateRedis(): Promise<PrivateRedis> {
  const { folder, port } = await place();
  const settings = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""];
  const redis = server({
    folder,
    url: `redis://127.0.0.1:${port}`,
    launch: () => spawn("redis-server", settings, { stdio: "ignore" }),
    answers: () => accepts(port),
  });
  const ask = async (...command: readonly string[]) => {
    const { stdout } = await run("redis-cli", ["-p", String(port), ...command]);
    return stdout.trim();
  };
  return { ...redis, ask };
}

function server({ folder, url, launch, answers }: Recipe): PrivateServer {
  let child: ChildProcess | undefined;
  const stop = async (signal: NodeJS.Signals) => {
    const running = child;
    child = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const ended = once(running, "exit");
    running.kill(signal);
    await ended;
  };
  return {
    url,
    start: async () => {
      child = launch();
      const end = performance.now() + START_LIMIT_MS;
      while (!(await answers())) {
        if (child.exitCode !== null || performance.now() > end)
          throw new Error(`${url} is no server`);
        await pause(LOOK_EVERY_MS);
      }
    },
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function place() {
  const folder = await mkdtemp(join(tmpdir(), "server-"));
  const as = process.getuid?.() === 0 ? await userPostgres() : {};
  if (as.uid !== undefined) await chown(folder, as.uid, as.gid ?? as.uid);
  return { folder, port: await freePort(), as };
}

async function userPostgres(): Promise<{ readonly uid?: number; readonly gid?: number }> {
  const [uid, gid] = await Promise.all(
    ["-u", "-g"].map(async (flag) => Number((await run("id", [flag, "postgres"])).stdout)),
  );
  return { uid: uid as number, gid: gid as number };
}

/** Below the ports that the system gives to clients, so that none of them takes it in between. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const probe = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once("error", () => resolve(false));
      probe.listen(port, "127.0.0.1", () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => probe.close(resolve));
    return port;
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("close", () => socket.destroy());
    socket.once("connect", () => socket.end());
  });
}
