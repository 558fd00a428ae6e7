import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { Auditor, type Violation } from "@tse/simulation";
import fc from "fast-check";
import { type Json, type Production, startProduction } from "../support/production.ts";
import { BUY, type Client, clientFor, clientOf, SELL } from "./clients.ts";
import {
  type DescribedRequest,
  describedRequest,
  type Known,
  written,
} from "./described-requests.ts";
import { mismatch } from "./json-schema.ts";

const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 1_500);
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

const FUNDS = { USD: "1000000", BTC: "100", ETH: "1000" };
/** Refused before anything in the request was looked at. */
const TURNED_AWAY: ReadonlySet<number> = new Set([401, 403, 404, 405, 415]);
/** What may move money: an order that trades or locks, one that unlocks, a transfer. */
const MOVES_MONEY = /^(?:POST|PATCH|DELETE) .*\/(?:orders|transfers)/;

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Json;
}

/** A market with open orders on both sides, a client with funds, a sub-account and a spare key. */
async function prepare(production: Production) {
  const client = await clientOf(production, FUNDS);
  const other = await clientOf(production, FUNDS);
  const { body } = await client.post(`/accounts/${client.account.id}/sub-accounts`, {
    name: "sub",
  });
  const sub = production.venue.accountById(body.account.accountId);
  if (sub === undefined) throw new RangeError("the sub-account was opened");
  await production.deposit(sub, "USD", "1000");
  const spare = await clientFor(production, sub);
  for (let step = 0; step < 20; step++) {
    await other.order({ ...BUY, price: String(44_900 - step), quantity: "0.05" });
    await other.order({ ...SELL, price: String(45_100 + step), quantity: "0.05" });
  }
  const first = await client.order(BUY);
  const known = {
    accountId: [
      client.account.id,
      client.account.id,
      client.account.id,
      sub.id,
      client.account.id,
      other.account.id,
    ],
    orderId: [first.body.order.orderId],
    keyId: [spare.key.split(".")[0] as string],
    cursor: [],
  } satisfies Known;
  return { client, known };
}

async function send(
  production: Production,
  client: Client,
  request: DescribedRequest,
  known: Known,
): Promise<Answer> {
  const { method, url, headers, body } = written(request, known);
  const response = await fetch(production.url + url, {
    method,
    headers: {
      authorization: `Bearer ${client.key}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined || method === "GET" ? {} : { body }),
  });
  const type = response.headers.get("content-type") ?? "";
  if (type.startsWith("text/event-stream")) {
    await response.body?.cancel();
    return { status: response.status, type, body: undefined };
  }
  return { status: response.status, type, body: JSON.parse(await response.text()) };
}

/** Remembers what later requests can name. */
function learn(
  { status, body }: Answer,
  known: Record<"orderId" | "keyId" | "cursor", string[]>,
): void {
  if (status >= 300) return;
  if (body?.order !== undefined) known.orderId.unshift(body.order.orderId);
  if (body?.apiKey?.label !== undefined) known.keyId.unshift(body.apiKey.keyId);
  if (typeof body?.nextCursor === "string") known.cursor.unshift(body.nextCursor);
}

/** Everything that every account holds, as one text. */
function holdings({ venue }: Production): string {
  const each = venue
    .accounts()
    .flatMap(({ number }) =>
      venue
        .balances(number)
        .map(({ asset, available, locked }) => [number, asset, available, locked]),
    );
  return each.join("\n");
}

function isNamed({ status, type, body }: Answer): boolean {
  if (type !== "application/problem+json" || body.status !== status) return false;
  if (body.title === "" || body.code === "" || body.correlationId === "") return false;
  const names = (body.errors ?? []).every(
    (error: Json) => error.field !== "" && error.rule !== "" && error.message !== "",
  );
  return names && (status !== 400 || body.errors.length > 0);
}

function assertAnswer(answer: Answer, request: DescribedRequest, document: Json): void {
  const { status, body } = answer;
  ok(status < 500, `${status}`);
  if (status >= 400) {
    ok(isNamed(answer), `a problem that names something: ${JSON.stringify(body)}`);
    return;
  }
  const described = document.paths[request.route][request.method.toLowerCase()].responses[status];
  const { schema } = described?.content?.["application/json"] ?? {};
  if (schema !== undefined) equal(mismatch(body, schema, document), undefined);
}

function report(test: TestContext, statuses: readonly number[], trades: number): void {
  const counts = new Map<number, number>();
  for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
  const told = [...counts].sort().map(([status, times]) => `${status} × ${times}`);
  test.diagnostic(`${statuses.length} requests: ${told.join(", ")}; ${trades} trades`);
}

function tradesOf({ units }: Production): number {
  return units.flatMap(({ events }) => events).filter(({ kind }) => kind === "trade").length;
}

describe("the native API, whatever is sent to it", () => {
  it("answers as described, names what is wrong, and moves no money that it wasn't told to", async (test) => {
    test.diagnostic(`seed ${SEED}`);
    await using production = await startProduction();
    const violations: Violation[] = [];
    const auditor = new Auditor(production.venue);
    for (const { events } of production.units) violations.push(...auditor.follow(events));
    production.exchange.subscribe(({ events }) => violations.push(...auditor.follow(events)));
    const { client, known } = await prepare(production);

    const { body: document } = await production.request("GET", "/api/v1/openapi.json");
    const assets = production.venue.assets().map(({ asset }) => asset);
    const totals = assets.map(production.total);
    const statuses: number[] = [];
    const property = fc.asyncProperty(describedRequest(document), async (request) => {
      const before = holdings(production);
      const answer = await send(production, client, request, known);
      statuses.push(answer.status);
      learn(answer, known);

      const sent = `${JSON.stringify(written(request, known)).slice(0, 500)} (${request.mutation})`;
      assertAnswer(answer, request, document);
      const mayMove = answer.status < 300 && MOVES_MONEY.test(`${request.method} ${request.route}`);
      ok(mayMove || holdings(production) === before, `${sent} moved money`);
    });
    await fc.assert(property, { seed: SEED, numRuns: REQUESTS, endOnFailure: false });

    const trades = tradesOf(production);
    report(test, statuses, trades);
    deepEqual([...violations, ...auditor.checkAll()], []);
    deepEqual(assets.map(production.total), totals);
    deepEqual(production.failures, []);
    const looked = statuses.filter((status) => !TURNED_AWAY.has(status)).length;
    const accepted = statuses.filter((status) => status < 300).length;
    ok(looked >= statuses.length / 2, `${looked} of ${statuses.length} got as far as validation`);
    ok(trades >= statuses.length / 150, `${trades} trades tried the ledger`);
    ok(accepted >= statuses.length / 10, `${accepted} of ${statuses.length} were accepted`);
  });
});
