import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import { type AddressInfo, createServer, connect as openSocket } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import { tse } from "./tse.ts";
import { LIGHT, PROJECT, type Ready, WorldProcess } from "./world-process.ts";

const JSON_WORLD = ["--json", "--port", "0", "--seed", "42"];

/** A port that another program listens on. */
async function takenPort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { port: String(port), [Symbol.dispose]: () => void server.close() };
}

async function buy({ http, demo }: Ready): Promise<Response> {
  return fetch(`${http}/api/v1/orders`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${demo.keyId}.${demo.secret}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({
      accountId: demo.accountId,
      symbol: "BTC/USD",
      side: "BUY",
      orderType: "MARKET",
      quantity: "0.01",
    }),
  });
}

describe("npm start -- --json", () => {
  it("prints one ready line, and nothing but JSON lines, on standard output", async () => {
    await using world = await WorldProcess.start(JSON_WORLD);
    const ready = await world.ready();
    const names = ["event", "http", "admin", "ws", "adminToken", "restored", "demo", "marketData"];
    assert.deepEqual(Object.keys(ready), names);
    assert.match(ready.http, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.match(ready.admin, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(ready.ws, ready.http.replace("http", "ws"));
    assert.deepEqual(Object.keys(ready.demo), ["accountId", "keyId", "secret"]);

    assert.equal(await world.stop(), 0);
    const events = world.stdout
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { event: string }).event);
    assert.deepEqual(events, ["ready", "stopped"]);
    for (const line of world.stderr.trim().split("\n")) assert.ok(JSON.parse(line));
    assert.ok(!world.stderr.includes(ready.adminToken), "no token in the log");
    assert.ok(!world.stderr.includes(ready.demo.secret), "no secret in the log");
  });

  it("trades as soon as it is ready, both services in 350 MB", async () => {
    await using world = await WorldProcess.start(JSON_WORLD);
    const ready = await world.ready();

    const health = await fetch(`${ready.http}/api/v1/ready`);
    assert.equal(health.status, 200);
    const response = await buy(ready);
    assert.equal(response.status, 201);
    const { order } = (await response.json()) as { order: { status: string } };
    assert.equal(order.status, "FILLED");
    // The market-data service shows the venue's own trades.
    const trades = async (url: string) => {
      const answer = await fetch(`${url}?limit=500`);
      return ((await answer.json()) as { trades: Record<string, unknown>[] }).trades;
    };
    const [newest] = await trades(`${ready.http}/api/v1/trades/BTC-USD/recent`);
    const shown = await trades(`${ready.marketData?.http}/api/v1/market/trades/BTC`);
    const same = shown.find(({ id }) => id === String(newest?.tradeSeq));
    assert.deepEqual([same?.price, same?.quantity], [newest?.price, newest?.quantity]);

    const metrics = await (await fetch(`${ready.http}/metrics`)).text();
    const [, bytes] = /^process_resident_memory_bytes\{[^}]*\} (\S+)$/m.exec(metrics) ?? [];
    assert.ok(Number(bytes) < 350_000_000, `resident memory: ${bytes} bytes`);
  });

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`stops an idle world at ${signal} within 5 s, with exit code 0`, async () => {
      await using world = await WorldProcess.start(JSON_WORLD);
      await world.ready();
      world.signal(signal);
      assert.equal(await world.exitCode(), 0);
    });
  }

  it("ends at once, with exit code 1, at a second signal", async () => {
    await using world = await WorldProcess.start(JSON_WORLD);
    const { http } = await world.ready();
    // A request that never ends keeps the orderly stop waiting.
    const socket = openSocket(Number(new URL(http).port), "127.0.0.1");
    socket.on("error", () => {});
    await once(socket, "connect");
    socket.write("POST /api/v1/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{");
    await fetch(`${http}/api/v1/health`);

    world.signal("SIGTERM");
    while (!world.stderr.includes("signal received")) await new Promise(setImmediate);
    world.signal("SIGTERM");
    assert.equal(await world.exitCode(), 1);
    assert.ok(!world.stdout.includes("stopped"), "the orderly stop came to no end");
    socket.destroy();
  });

  it("keeps the admin token it made where only its owner reads it", async () => {
    await using world = await WorldProcess.start(JSON_WORLD);
    const { adminToken } = await world.ready();
    const path = join(world.directory, ".tse/exchange-simulator/admin-token");
    assert.equal((await readFile(path, "utf8")).trim(), adminToken);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
  });

  it("uses the admin token that it is given and writes it nowhere", async () => {
    const ADMIN_TOKEN = "a-token-of-the-operator";
    await using world = await WorldProcess.start(JSON_WORLD, { ...LIGHT, ADMIN_TOKEN });
    assert.equal((await world.ready()).adminToken, ADMIN_TOKEN);
    await assert.rejects(stat(join(world.directory, ".tse")), { code: "ENOENT" });
  });
});

describe("npm start", () => {
  it("prints a first order for curl and one for ccxt that work as they are", async (test) => {
    await using world = await WorldProcess.start(["--port", "0"]);
    const curl = (await world.line(/^ +curl /)).trim();
    const ccxt = (await world.line(/^ +node --input-type=module/)).trim();
    await world.line(/Ctrl-C/);
    assert.equal(world.stderr, "");

    const withCcxt = spawnSync("sh", ["-c", ccxt], { cwd: PROJECT, encoding: "utf8" });
    assert.equal(withCcxt.stderr, "");
    assert.match(withCcxt.stdout, /^buy 0\.01 BTC\/USDT closed \d+(\.\d+)?\n$/);

    const withCurl = spawnSync("sh", ["-c", curl], { encoding: "utf8" });
    if (withCurl.status === 127) return test.skip("there is no curl here");
    assert.match(withCurl.stdout, /"status":"FILLED"/);
  });

  it("shows the admin token that it made once, and where it is kept", async () => {
    await using world = await WorldProcess.start(["--port", "0"]);
    await world.line(/Ctrl-C/);
    const path = ".tse/exchange-simulator/admin-token";
    const token = (await readFile(join(world.directory, path), "utf8")).trim();
    assert.ok(world.stdout.includes(`  Admin token ${token} (kept in ${path})\n`));
    assert.equal(world.stdout.split(token).length, 2, "once");
  });

  it("shows no admin token that it was given, but where it was given", async () => {
    const ADMIN_TOKEN = "a-token-of-the-operator";
    await using world = await WorldProcess.start(["--port", "0"], { ...LIGHT, ADMIN_TOKEN });
    await world.line(/Ctrl-C/);
    assert.ok(world.stdout.includes("  Admin token (as in ADMIN_TOKEN)\n"));
    assert.ok(!world.stdout.includes(ADMIN_TOKEN));
  });

  it("runs as an npm script, and stops when npm is told to", async () => {
    await using world = await WorldProcess.npmStart(["--json", "--port", "0"]);
    await world.ready();
    world.signal("SIGTERM");
    await world.exitCode();
    assert.match(world.stdout, /^\{"event":"ready".*\n\{"event":"stopped","clean":true\}\n$/);
  });
});

describe("npm start, when something is wrong", () => {
  async function failure(args: readonly string[], environment: Record<string, string> = {}) {
    await using world = await WorldProcess.start(args, { ...LIGHT, ...environment });
    const code = await world.exitCode();
    return { code, stdout: world.stdout, stderr: world.stderr };
  }

  it("says in one line that a port is in use, and exits with 1", async () => {
    using taken = await takenPort();
    assert.deepEqual(await failure(["--port", taken.port, "--admin-port", "0"]), {
      code: 1,
      stdout: "",
      stderr: `tse: port ${taken.port} is in use; stop the other program or choose one with --port\n`,
    });
    assert.deepEqual(await failure(["--port", "0", "--admin-port", taken.port]), {
      code: 1,
      stdout: "",
      stderr: `tse: port ${taken.port} is in use; stop the other program or choose one with --admin-port\n`,
    });
  });

  it("leaves another world's admin token alone when its port is in use", async () => {
    await using first = await WorldProcess.start(JSON_WORLD);
    const { http, adminToken } = await first.ready();
    const DATA_DIR = join(first.directory, ".tse/exchange-simulator");
    const { code } = await failure(["--port", new URL(http).port], { DATA_DIR });
    assert.equal(code, 1);
    assert.equal((await readFile(join(DATA_DIR, "admin-token"), "utf8")).trim(), adminToken);
  });

  it("says that another process has the world, and leaves it alone", async () => {
    await using first = await WorldProcess.start(JSON_WORLD, { STORE: "memory" });
    const { adminToken } = await first.ready();
    const DATA_DIR = join(first.directory, ".tse/exchange-simulator");
    for (const args of [
      ["--port", "0"],
      ["--port", "0", "--fresh", "--yes"],
    ]) {
      const { code, stderr } = await failure(args, { DATA_DIR, STORE: "memory", JOURNAL: "file" });
      assert.equal(code, 1);
      assert.match(stderr, /^tse: \S+ is in use by another process: stop that one, .*\n$/);
    }
    assert.equal((await readFile(join(DATA_DIR, "admin-token"), "utf8")).trim(), adminToken);
  });

  it("asks for --yes before it begins anew where nobody can be asked", async () => {
    await using first = await WorldProcess.start(JSON_WORLD, { STORE: "memory" });
    await first.ready();
    await first.stop();
    const DATA_DIR = join(first.directory, ".tse/exchange-simulator");
    const environment = { DATA_DIR, STORE: "memory", JOURNAL: "file" };
    const { code, stderr } = await failure(["--fresh"], environment);
    assert.equal(code, 2);
    assert.match(stderr, /^tse: --fresh would destroy what is there \(world .*: add --yes/);

    await using second = await WorldProcess.start([...JSON_WORLD, "--fresh", "--yes"], environment);
    assert.equal((await second.ready()).restored, 0);
  });

  it("names a verb that it doesn't know, and exits with 2", async () => {
    assert.deepEqual(await tse(["journey"]), {
      code: 2,
      stdout: "",
      stderr:
        'tse: "journey" is not a known verb: start, journal, db, audit, world, data, market\n',
    });
  });

  it("names a flag that it doesn't know, and exits with 2", async () => {
    assert.deepEqual(await tse(["--sede", "42"]), {
      code: 2,
      stdout: "",
      stderr: 'tse: --sede is not a known option; "42" is not expected here\n',
    });
  });

  it("names a flag or a variable whose value doesn't fit, and what would", async () => {
    const port = await tse(["--port", "99999"]);
    assert.equal(port.code, 2);
    assert.match(
      port.stderr,
      /^tse: --port is "99999": expected a whole number from 0 to 65535\n$/,
    );

    const latency = await tse([], { MATCHING_LATENCY_MS: "51" });
    assert.equal(latency.code, 2);
    assert.match(latency.stderr, /^tse: MATCHING_LATENCY_MS is "51": expected .* 0 to 50\n$/);

    const secret = await tse([], { SECRET_KEY: "not-so-secret" });
    assert.equal(
      secret.stderr,
      "tse: SECRET_KEY is not valid: expected 32 bytes in hex or base64\n",
    );
  });

  it("prints its flags and its version when asked", async () => {
    const help = await tse(["--help"]);
    assert.equal(help.code, 0);
    const flags = ["seed", "port", "admin-port", "host", "clock", "limits", "json", "log-level"];
    for (const flag of [...flags, "help", "version"]) assert.ok(help.stdout.includes(`--${flag} `));

    const version = await tse(["--version"]);
    assert.deepEqual([version.code, version.stdout.trim()], [0, "0.1.0"]);
  });
});
