import { rm } from "node:fs/promises";
import { join } from "node:path";
import {
  type AccountNumber,
  type AssetId,
  amount,
  type Command,
  type CreateAccount,
  type InstrumentId,
  lots,
  type OrderSeq,
  type Sequence,
  ticks,
  timestamp,
} from "@tse/domain";
import { FileCommandLog, type LogEntry, NodeDisk } from "@tse/journal";
import { Chance } from "./chance.ts";
import { startExchange } from "./started-exchange.ts";

const CUSTOMERS = 200;
/** Of the default world. */
const BTC_USD = 0 as InstrumentId;
const ORIGIN = { actor: "bench", correlationId: "" };
const BATCH = 1_000;

const CUSTOMER: CreateAccount = {
  kind: "create_account",
  userId: "bench",
  type: "spot",
  role: "customer",
  parent: undefined,
  name: "",
  feeTier: "standard",
  metadata: "",
  key: undefined,
};

/** A world of the default instruments whose journal goes on with commands of customers. */
export async function writeWorld(
  directory: string,
  { commands, seed }: { readonly commands: number; readonly seed: number },
): Promise<void> {
  await beginWorld(directory);
  const log = await FileCommandLog.open({ disk: new NodeDisk(join(directory, "journal")) });
  const firstAccount = await nextAccount(log);
  let sequence: number = log.lastSequence;
  let time: number = log.lastTime;
  let batch: LogEntry[] = [];
  for (const command of commandsOf(commands, seed, firstAccount)) {
    sequence += 1;
    time += 100;
    batch.push({
      sequence: sequence as Sequence,
      time: timestamp(time),
      origin: ORIGIN,
      command,
    });
    if (batch.length < BATCH) continue;
    await log.append(batch);
    batch = [];
  }
  if (batch.length > 0) await log.append(batch);
  await log.close();
}

/** A world as the exchange sets it up, without its snapshot. */
async function beginWorld(directory: string): Promise<void> {
  const exchange = await startExchange(directory, { store: "memory" });
  await exchange.end("SIGTERM");
  await rm(join(directory, "snapshots"), { recursive: true });
}

/** Accounts are numbered in the order of their creation. */
async function nextAccount(log: FileCommandLog): Promise<number> {
  let next = 1;
  for await (const run of log.read(1 as Sequence)) {
    next += run.filter(({ command }) => command.kind === "create_account").length;
  }
  return next;
}

/** Customers with money, then orders that rest around 45,000, trade with each other, and are cancelled. */
function* commandsOf(count: number, seed: number, firstAccount: number): Generator<Command> {
  const chance = new Chance(seed);
  const account = (index: number) => (firstAccount + index) as AccountNumber;
  for (let index = 0; index < CUSTOMERS; index++) {
    yield CUSTOMER;
    for (const [asset, units] of FUNDS) {
      const money = amount(units * 10n ** 8n);
      yield {
        kind: "deposit",
        account: account(index),
        asset,
        amount: money,
        externalId: "",
        reason: "",
      };
    }
  }
  const open: { readonly owner: AccountNumber; readonly clientOrderId: string }[] = [];
  for (let at = 0; at < count; at++) {
    const owner = account(chance.integer(CUSTOMERS));
    const cancelled = open.length > 2_000 || chance.next() < 0.4 ? open.shift() : undefined;
    if (cancelled !== undefined) {
      const { owner: account, clientOrderId } = cancelled;
      yield { kind: "cancel_order", account, orderSeq: 0 as OrderSeq, clientOrderId };
      continue;
    }
    const clientOrderId = `b-${at}`;
    yield orderOf(chance, owner, clientOrderId);
    open.push({ owner, clientOrderId });
  }
}

/** BTC and USD of the default world. */
const FUNDS = [
  [0 as AssetId, 1_000n],
  [5 as AssetId, 50_000_000n],
] as const;

function orderOf(chance: Chance, account: AccountNumber, clientOrderId: string): Command {
  const side = chance.next() < 0.5 ? "buy" : "sell";
  const away = Math.round(chance.exponential(2_000)) - 200;
  const limit = ticks(4_500_000 + (side === "buy" ? -away : away));
  return {
    kind: "place_order",
    account,
    instrument: BTC_USD,
    side,
    type: "limit",
    limit,
    quantity: lots(10 + chance.integer(1_000)),
    quoteQuantity: amount(0n),
    timeInForce: "gtc",
    postOnly: false,
    selfTradePrevention: "expire_maker",
    clientOrderId,
    fault: undefined,
  };
}
