import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { type AuditEntry, chained, newExchangeDataAdapter } from "@tse/exchange-data-adapter";
import { EXCHANGE_SETTINGS } from "@tse/exchange-simulator";
import { InvalidConfiguration, readConfig, realClock, silentLogger } from "@tse/service-kit";
import { seededRandom } from "@tse/simulation";
import { openPostgres, type SqlDatabase } from "@tse/storage";
import { TEST_BACKENDS } from "@tse/storage/testing";
import { sql } from "kysely";
import { beginAnew } from "../src/begin-anew.ts";
import { scratch } from "./small-world.ts";
import { tse } from "./tse.ts";

const POSTGRES = TEST_BACKENDS.find(({ name }) => name === "postgres");
const skip = POSTGRES?.skip ?? "there is no PostgreSQL";
const POSTGRES_URL = process.env.TEST_POSTGRES_URL ?? "";

describe("a world's tables on a server", { skip }, () => {
  const schema = `test_cli_${randomUUID().replaceAll("-", "")}`;
  const environment = { POSTGRES_URL, SCHEMA_NAME: schema, DATA_DIR: "nowhere" };
  let database: SqlDatabase<unknown>;
  let root: string;
  let end: () => PromiseLike<void>;

  const run = (...args: string[]) => tse(args, environment);
  const execute = (text: string) => sql.raw(text).execute(database.db);

  before(async () => {
    const place = await scratch();
    root = place.path;
    end = () => place[Symbol.asyncDispose]();
    database = openPostgres({ url: POSTGRES_URL, schema, pool: { connectionsMax: 2 } });
  });
  after(async () => {
    const { rows } = await sql<{ name: string }>`
      select nspname as name from pg_namespace where starts_with(nspname, ${schema.slice(0, 35)})
    `.execute(database.db);
    for (const { name } of rows) await execute(`drop schema "${name}" cascade`);
    await database.close();
    await end();
  });

  /** Appends events to the audit trail as a projection does. */
  async function audit(count: number): Promise<void> {
    const clock = realClock();
    const store = {
      kind: "database",
      database: openPostgres<unknown>({ url: POSTGRES_URL, schema }),
    } as const;
    const adapter = newExchangeDataAdapter(
      { instanceName: "exchange", store, access: "reader" },
      { logger: silentLogger, clock, realClock: clock, random: seededRandom("test") },
    );
    const entry: AuditEntry = {
      occurredAt: clock.now(),
      actor: "key",
      action: "order.accepted",
      entityType: "order",
      entityId: "1",
      accountId: undefined,
      correlationId: undefined,
      payload: { quantity: "1" },
    };
    await adapter.connect();
    await adapter.auditRepository.append(
      chained(
        undefined,
        Array.from({ length: count }, () => entry),
      ),
    );
    await adapter.disconnect();
  }

  it("are migrated once, and their state is shown", async () => {
    const pending = await run("db", "status");
    assert.equal(pending.code, 0);
    assert.match(pending.stdout, new RegExp(`exchange +${schema} +1 +exchange +pending: `));

    const first = await run("db", "migrate");
    assert.match(first.stdout, new RegExp(`^applied to ${schema}: migration 1 \\(exchange\\)\n`));
    assert.equal((await run("db", "migrate")).stdout, "the database has every migration already\n");

    const { code, stdout } = await run("db", "status", "--json");
    const { migrations } = JSON.parse(stdout) as {
      migrations: { version: number; state: string; appliedAt: string }[];
    };
    assert.equal(code, 0);
    assert.deepEqual([...new Set(migrations.map(({ state }) => state))], ["applied"]);
    assert.match(migrations[0]?.appliedAt ?? "", /^\d{4}-.*Z$/);
  });

  it("have an audit trail whose first broken row is named", async () => {
    assert.equal((await run("audit", "verify")).stdout, "the audit trail is empty\n");
    await audit(5);
    const intact = await run("audit", "verify");
    assert.equal(intact.code, 0);
    assert.match(
      intact.stdout,
      /^the audit trail is intact: 5 events, the last with hash \w{64}\n$/,
    );

    await execute(`alter table "${schema}".audit_events disable trigger append_only`);
    await execute(`update "${schema}".audit_events set actor = 'nobody' where seq in (3, 5)`);
    const changed = await run("audit", "verify");
    assert.equal(changed.code, 1);
    assert.equal(
      changed.stdout,
      "the audit trail is broken at event 3: it was changed (2 events before it are intact)\n",
    );

    await execute(`delete from "${schema}".audit_events where seq = 2`);
    const missing = await run("audit", "verify", "--json");
    assert.equal(missing.code, 1);
    assert.deepEqual(JSON.parse(missing.stdout), {
      intact: false,
      status: "broken",
      seq: 3,
      fault: "gap",
      events: 1,
    });
  });

  it("show a migration whose text is another than was applied, and are not migrated then", async () => {
    await execute(
      `update "${schema}".schema_migrations set checksum = repeat('0', 64) where version = 1`,
    );
    const status = await run("db", "status");
    assert.equal(status.code, 1);
    assert.match(status.stdout, /1 +exchange +\S+Z +CHANGED: its text/);
    const migrated = await run("db", "migrate");
    assert.equal(migrated.code, 1);
    assert.match(migrated.stderr, /^tse: migration 1 \(exchange\) .* another text\n$/);
  });

  it("are moved aside when the world begins anew, and nothing of them is dropped", async () => {
    const config = readConfig(EXCHANGE_SETTINGS, {
      environment: { ...environment, DATA_DIR: root },
    });
    await assert.rejects(beginAnew(config, { isSure: false, ask: undefined }), (error) => {
      assert.ok(error instanceof InvalidConfiguration);
      assert.match(error.message, /moved aside to test_cli_\w+_archived_\w+.*add --yes/);
      return true;
    });
    const claim = await database.claim(() => {});
    const sure = { isSure: true, ask: undefined };
    await assert.rejects(beginAnew(config, sure), { code: "schema_in_use" });
    await claim.release();

    assert.equal(await beginAnew(config, sure), true);
    const { rows } = await sql<{ name: string }>`
      select nspname as name from pg_namespace
      where starts_with(nspname, ${schema.slice(0, 35)}) and nspname <> ${schema}
    `.execute(database.db);
    assert.equal(rows.length, 1);
    const archived = rows[0]?.name ?? "";
    const kept = await execute(`select count(*) as n from "${archived}".audit_events`);
    assert.deepEqual(kept.rows, [{ n: 4n }]);
    assert.equal(await beginAnew(config, { isSure: false, ask: undefined }), true);
  });
});

describe("a world's tables", () => {
  it("can't be shown while the server is away", async () => {
    const environment = { POSTGRES_URL: "postgres://nobody@127.0.0.1:1/nowhere" };
    for (const verb of ["db status", "db migrate", "audit verify"]) {
      const { code, stderr } = await tse(verb.split(" "), environment);
      assert.deepEqual([code, stderr], [1, "tse: the database can't be reached\n"]);
    }
  });

  it("are nowhere when there is no world, or only memory", async () => {
    await using place = await scratch();
    const [status, audit] = await Promise.all([
      tse(["db", "status"], { DATA_DIR: place.path }),
      tse(["audit", "verify"], { STORE: "memory" }),
    ]);
    assert.equal(status.code, 1);
    assert.match(status.stderr, /^tse: there is no world in \S+tse-cli-/);
    assert.equal(audit.code, 1);
    assert.match(audit.stderr, /^tse: STORE=memory keeps history in the running world: .*--url/);
  });
});
