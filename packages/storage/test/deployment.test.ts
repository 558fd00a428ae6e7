import { deepEqual, equal, rejects } from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { sql } from "kysely";
import { migrate, openPostgres, type SqlDatabase } from "../src/index.ts";
import { openTestRedis, redisSkip, TEST_BACKENDS, type TestRedis } from "../src/testing/index.ts";

const run = promisify(execFile);
const fileOf = (path: string) => fileURLToPath(new URL(`../../../deploy/${path}`, import.meta.url));
const postgres = TEST_BACKENDS.find(({ name }) => name === "postgres")!;

const LEDGER = `
  create table schema_migrations (version int primary key, name varchar(100) not null,
    checksum char(64), applied_at timestamptz not null default now());
  create table account (id int primary key);
`;

describe("the set-up of PostgreSQL", { skip: postgres.skip }, () => {
  const id = randomUUID().replaceAll("-", "");
  const names = {
    database: `deploy_${id}`,
    exchange_role: `exchange_${id}`,
    market_data_role: `market_data_${id}`,
  };
  let admin: SqlDatabase<unknown>;

  before(async () => {
    admin = await postgres.open();
  });
  after(async () => {
    await sql`drop database if exists ${sql.id(names.database)}`.execute(admin.db);
    for (const role of [names.exchange_role, names.market_data_role]) {
      await sql`drop role if exists ${sql.id(role)}`.execute(admin.db);
    }
    await admin.close();
  });

  const setUp = () =>
    run("psql", [
      ...Object.entries(names).map(([name, value]) => `--set=${name}=${value}`),
      "--no-psqlrc",
      "--file",
      fileOf("postgres/roles.sql"),
      process.env.TEST_POSTGRES_URL!,
    ]);
  const openAs = (role: string, schema: string) => {
    const url = new URL(process.env.TEST_POSTGRES_URL!);
    url.username = role;
    url.password = "exchange-adapter-db-pass";
    url.pathname = `/${names.database}`;
    return openPostgres({ url: url.href, schema });
  };

  it("makes the database and roles without special rights, and may run twice", async () => {
    await setUp();
    await setUp();
    const { rows } = await sql`
      select rolname as r, rolcanlogin as l, rolsuper or rolcreatedb or rolcreaterole as s
      from pg_roles where rolname in (${names.exchange_role}, ${names.market_data_role}) order by 1
    `.execute(admin.db);
    deepEqual(rows, [
      { r: names.exchange_role, l: true, s: false },
      { r: names.market_data_role, l: true, s: false },
    ]);
  });

  it("lets each role make its own schema and keeps it out of the other's", async () => {
    const exchange = openAs(names.exchange_role, "exchange");
    const migrations = [{ version: 1, name: "exchange", sql: LEDGER }];
    equal((await migrate(exchange, { migrations })).length, 1);

    const other = openAs(names.market_data_role, "exchange");
    await rejects(sql`select * from exchange.account`.execute(other.db), { code: "internal" });
    await exchange.close();
    await other.close();
  });
});

describe("the users of Redis", { skip: redisSkip }, () => {
  let redis: TestRedis;
  const made: string[] = [];

  before(async () => {
    redis = await openTestRedis();
  });
  after(async () => {
    for (const name of made) await redis.command("ACL", "DELUSER", name);
    await redis.close();
  });

  it("may do with their own keys and the registry's what is not dangerous, and no more", async () => {
    const lines = (await readFile(fileOf("redis/users.acl"), "utf8")).trim().split("\n");
    const rules = new Map(
      lines.map((line) => {
        const [, name, ...rest] = line.split(" ");
        return [name!, rest];
      }),
    );
    const may = async (user: string, ...command: string[]) => {
      const name = `${redis.namespace}-${user}`;
      made.push(name);
      await redis.command("ACL", "SETUSER", name, ...rules.get(user)!);
      return (await redis.command("ACL", "DRYRUN", name, ...command)) === "OK";
    };
    deepEqual([...rules.keys()], ["default", "exchange-adapter", "market-data-adapter", "admin"]);
    for (const [user, own, foreign] of [
      ["exchange-adapter", "exchange:x", "market_data:x"],
      ["market-data-adapter", "market_data:x", "exchange:x"],
    ] as const) {
      for (const key of [own, "registry:index"]) equal(await may(user, "SET", key, "v"), true);
      equal(await may(user, "SCAN", "0"), true);
      equal(await may(user, "SET", foreign, "v"), false);
      for (const command of [["KEYS", "*"], ["INFO"], ["FLUSHALL"], ["CLIENT", "LIST"]]) {
        equal(await may(user, ...command), false, command.join(" "));
      }
    }
    equal(await may("admin", "FLUSHALL"), true);
  });
});
