import type { Random } from "@tse/domain";
import { AccountRecord } from "./account-record.ts";
import { type Attempt, mayRepeat } from "./attempt.ts";
import { Connection, type Reply } from "./connection.ts";
import { ADMIN_TOKEN, type ExchangeProcess } from "./exchange-process.ts";
import { isPresent, judge } from "./judgement.ts";
import { closeDoors, doorsOf } from "./load.ts";
import { TradingClient } from "./trading-client.ts";

/** Share of answered requests that are sent again. */
const SENT_AGAIN = 0.1;
/** Answered requests that a client keeps, to send them again in each cycle. */
const OLDER_KEPT = 6;

/** What sending again did. */
export interface SentAgain {
  readonly findings: readonly string[];
  readonly sent: number;
  /** Unanswered requests that had acted, and that hadn't. */
  readonly hadActed: number;
  readonly actedNow: number;
}

/** The clients of one world, and what each of them knows. */
export class Members {
  readonly clients: readonly TradingClient[];
  readonly #records: ReadonlyMap<TradingClient, AccountRecord>;
  /** Answered requests of cycles before. */
  readonly #older = new Map<TradingClient, Attempt[]>();

  private constructor(clients: readonly TradingClient[]) {
    this.clients = clients;
    this.#records = new Map(clients.map((each) => [each, new AccountRecord(each.identity)]));
  }

  static async open(exchange: ExchangeProcess, count: number): Promise<Members> {
    const admin = new Connection(exchange.admin, ADMIN_TOKEN);
    const connect = (token: string) => new Connection(exchange.http, token);
    const opening = Array.from({ length: count }, (_, index) =>
      TradingClient.open(`client-${index}`, admin, connect),
    );
    const clients = await Promise.all(opening);
    admin.close();
    return new Members(clients);
  }

  /**
   * Reads each account anew while nothing moves, and judges each command since `forget` by it.
   *
   * @returns what isn't as it has to be
   */
  async compare(exchange: ExchangeProcess): Promise<readonly string[]> {
    const findings = [...this.#records].map(async ([client, record]) => {
      const connection = new Connection(exchange.http, client.identity.token);
      const broken = await record.refresh(connection);
      connection.close();
      return [...broken, ...client.attempts.flatMap((attempt) => judge(attempt, record))];
    });
    return (await Promise.all(findings)).flat();
  }

  /**
   * Sends what wasn't answered, some of what was, and some of older cycles. What acted before must not act
   * a second time. `compare` comes before and after it.
   */
  async sendAgain(exchange: ExchangeProcess, random: Random): Promise<SentAgain> {
    const done = await Promise.all(
      this.clients.map((client) => this.#sendOnes(client, exchange, random.fork(client.name))),
    );
    const sum = (count: (one: SentAgain) => number) =>
      done.reduce((total, one) => total + count(one), 0);
    return {
      findings: done.flatMap(({ findings }) => findings),
      sent: sum(({ sent }) => sent),
      hadActed: sum(({ hadActed }) => hadActed),
      actedNow: sum(({ actedNow }) => actedNow),
    };
  }

  /** Begins a new cycle, and keeps a few of this one's answered requests. */
  forget(random: Random): void {
    for (const [client, record] of this.#records) {
      const older = this.#older.get(client) ?? [];
      const answered = client.attempts.filter(
        ({ request, replies }) => request.idempotencyKey !== undefined && replies.length > 0,
      );
      const chosen = answered[random.integer(Math.max(1, answered.length))];
      if (chosen !== undefined) older.push(chosen);
      if (older.length > OLDER_KEPT) older.splice(random.integer(older.length), 1);
      this.#older.set(client, older);
      client.forget();
      record.forget();
    }
  }

  async #sendOnes(
    client: TradingClient,
    exchange: ExchangeProcess,
    random: Random,
  ): Promise<SentAgain> {
    const record = this.#records.get(client) as AccountRecord;
    const doors = doorsOf(exchange, client);
    const findings: string[] = [];
    const counts = { sent: 0, hadActed: 0, actedNow: 0 };
    const chosen = client.attempts.filter(
      (attempt) =>
        mayRepeat(attempt) && (attempt.replies.length === 0 || random.next() < SENT_AGAIN),
    );
    for (const attempt of [...chosen, ...(this.#older.get(client) ?? [])]) {
      const [first] = attempt.replies;
      const had = isPresent(attempt, record);
      const reply = await client.send(attempt, doors);
      counts.sent += 1;
      if (first === undefined) counts[had ? "hadActed" : "actedNow"] += 1;
      if (attempt.request.idempotencyKey === undefined) continue;
      findings.push(...judgeReplay(attempt.name, { first, reply, acted: had }));
    }
    closeDoors(doors);
    return { findings, ...counts };
  }
}

/** What acted before is not done again, and what was answered before is answered the same. */
function judgeReplay(
  name: string,
  sent: { readonly first: Reply | undefined; readonly reply: Reply; readonly acted: boolean },
): string[] {
  const { first, reply, acted } = sent;
  const { status, text, isReplay } = reply;
  if (!isReplay && (acted || first !== undefined)) {
    return [`${name} was sent again, and acted again: ${status} ${text}`];
  }
  if (first === undefined || (status === first.status && text === first.text)) return [];
  return [`${name} was sent again: ${status} ${text}, before ${first.status} ${first.text}`];
}
