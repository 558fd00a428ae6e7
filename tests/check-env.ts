import { connect } from "node:net";
import process from "node:process";

/** Servers that tests may use, and what is skipped without each. */
const SERVERS = [
  {
    variable: "TEST_POSTGRES_URL",
    port: 5432,
    skipped: "everything on a real PostgreSQL (PGlite and memory are tested all the same)",
  },
  {
    variable: "TEST_REDIS_URL",
    port: 6379,
    skipped:
      "everything on a real Redis (the cache and registry in process are tested all the same)",
  },
] as const;

const LIMIT_MS = 2_000;

/** Whether something listens there. */
function isReachable(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: LIMIT_MS });
    const end = (reachable: boolean) => {
      socket.destroy();
      resolve(reachable);
    };
    socket
      .once("connect", () => end(true))
      .once("timeout", () => end(false))
      .once("error", () => end(false));
  });
}

/** Says how one variable stands, without its value, which may hold a password. */
async function describe({ variable, port, skipped }: (typeof SERVERS)[number]): Promise<string> {
  // biome-ignore lint/style/noProcessEnv: what is looked at is the environment
  const text = process.env[variable] ?? "";
  if (text === "") return `${variable} is not set. Skipped: ${skipped}`;
  const url = URL.parse(text);
  if (url === null || url.hostname === "") return `${variable} is no address. Fails: its tests`;
  const place = `${url.hostname}:${url.port || port}`;
  if (await isReachable(url.hostname, Number(url.port || port))) {
    return `${variable} is set, and ${place} answers. Skipped: nothing`;
  }
  return `${variable} is set, but ${place} does not answer. Fails: its tests`;
}

for (const server of SERVERS) process.stdout.write(`${await describe(server)}\n`);
