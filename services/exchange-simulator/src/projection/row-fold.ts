import {
  type AccountNumber,
  type AssetId,
  assert,
  type InstrumentId,
  type OrderSeq,
  type Sequence,
  type Timestamp,
  type Trade,
  type VenueEvent,
  type ApiKey as VenueKey,
} from "@tse/domain";
import type {
  ApiKey,
  Asset,
  AuditEntry,
  FeeTier,
  IdempotencyRecord,
  TapePrint,
  TradeRow,
  Transfer,
} from "@tse/exchange-data-adapter";
import type { VenueView } from "@tse/venue";
import type { Unit } from "../exchange.ts";
import type { KeptReply } from "../idempotency/kept-reply.ts";
import type { OrderRecord } from "../views/order-record.ts";
import { auditDrafts } from "./audit-drafts.ts";
import { LedgerFold } from "./ledger-fold.ts";
import { VENUE_ACCOUNT } from "./ledger-movements.ts";
import { orderRow, tradeRow } from "./order-rows.ts";
import type { ProjectionRows } from "./projection-rows.ts";
import {
  accountRow,
  assetRow,
  balanceRow,
  feeTierRow,
  idOf,
  instrumentRow,
  keyRow,
  transferRow,
} from "./reference-rows.ts";
import { optionalText, priceOf, quantityOf, storedText } from "./stored-forms.ts";

export interface RowFoldSources {
  /** Stands right after each unit when that is added. */
  readonly venue: VenueView;
  readonly order: (orderSeq: OrderSeq) => OrderRecord | undefined;
  /** The reply that the unit just added leaves, if its request acts only once. */
  readonly reply: (unit: Unit) => KeptReply | undefined;
}

interface Listing {
  readonly listedAt: Timestamp;
  changedAt: Timestamp;
}

const CORRELATION_MAX = 64;

/** Gathers the rows of units. What changes several times in a run is written once, as it is at the end. */
export class RowFold {
  readonly #sources: RowFoldSources;
  readonly #ledger: LedgerFold;
  readonly #listings = new Map<InstrumentId, Listing>();
  /** Keys in force, to tell whose a revoked one was. */
  readonly #keys = new Map<string, VenueKey>();
  #run = new Run();

  constructor(sources: RowFoldSources) {
    this.#sources = sources;
    this.#ledger = new LedgerFold(sources.venue);
  }

  /** Units since the last `take`. */
  get units(): number {
    return this.#run.units;
  }

  /**
   * Goes on from a venue that has a past.
   *
   * @param listedAt when each instrument was listed, as its row says
   */
  begin(listedAt: (symbol: string) => Timestamp): void {
    const { venue } = this.#sources;
    for (const { id, symbol } of venue.instruments()) {
      this.#listings.set(id, { listedAt: listedAt(symbol), changedAt: listedAt(symbol) });
    }
    for (const { number } of venue.accounts()) {
      for (const key of venue.keysOf(number)) this.#keys.set(key.keyId, key);
    }
  }

  /** Takes the venue as it stands for what the first rows say: its past is not known any more. */
  seed(): void {
    const { venue } = this.#sources;
    const run = this.#run;
    run.last = venue.sequence;
    run.assets.push(...venue.assets().map(({ asset }) => assetRow(asset)));
    for (const { id } of venue.instruments()) run.instruments.add(id);
    const numbers = [VENUE_ACCOUNT, ...venue.accounts().map(({ number }) => number)];
    for (const number of numbers) {
      run.accounts.add(number);
      run.apiKeys.push(...venue.keysOf(number).map((key) => keyRow(key, venue)));
      for (const { orderSeq } of venue.liveOrders(number)) this.#noteOrder(orderSeq);
      for (const { asset } of venue.balances(number)) {
        run.balances.set(`${number} ${asset}`, [number, asset]);
      }
    }
    this.#ledger.open(numbers);
  }

  add(unit: Unit): void {
    const run = this.#run;
    run.units += 1;
    run.last = unit.sequence;
    if (unit.sequence === 1) run.accounts.add(VENUE_ACCOUNT);
    for (const event of unit.events) {
      this.#event(event, unit);
      this.#audit(event, unit);
    }
    this.#ledger.add(unit);
    const reply = this.#sources.reply(unit);
    if (reply !== undefined) run.replies.push(replyRow(reply, unit.time, this.#sources.venue));
  }

  /** The rows since the last call. */
  take(): ProjectionRows {
    const run = this.#run;
    const { venue, order } = this.#sources;
    this.#run = new Run();
    const orders = [...run.orders]
      .sort((one, other) => one - other)
      .map((seq) => {
        const record = order(seq);
        assert(record !== undefined, "an order is remembered until its row is taken");
        return orderRow(record, venue);
      });
    return {
      last: run.last,
      assets: run.assets,
      instruments: [...run.instruments].map((id) => this.#instrument(id)),
      feeTiers: run.feeTiers,
      accounts: [...run.accounts]
        .sort((one, other) => one - other)
        .map((number) => accountRow(this.#account(number), venue)),
      apiKeys: run.apiKeys,
      orders,
      trades: run.trades,
      tape: run.tape,
      balances: [...run.balances.values()].map(([account, asset]) =>
        balanceRow(account, asset, venue),
      ),
      transfers: run.transfers,
      ledger: this.#ledger.take(),
      audit: run.audit,
      replies: run.replies,
    };
  }

  #event(event: VenueEvent, unit: Unit): void {
    const run = this.#run;
    switch (event.kind) {
      case "order_accepted":
      case "order_rejected":
      case "order_reduced":
      case "order_closed":
        this.#noteOrder(event.orderSeq);
        break;
      case "self_trade_prevented":
        this.#noteOrder(event.takerOrder);
        this.#noteOrder(event.makerOrder);
        break;
      case "trade":
        this.#trade(event, unit.time);
        break;
      case "balance_changed":
        run.balances.set(`${event.account} ${event.asset}`, [event.account, event.asset]);
        break;
      case "account_created":
      case "account_updated":
        run.accounts.add(event.account.number);
        break;
      default:
        this.#reference(event, unit.time);
    }
  }

  #reference(event: VenueEvent, time: Timestamp): void {
    const run = this.#run;
    const { venue } = this.#sources;
    switch (event.kind) {
      case "key_created":
        this.#keys.set(event.key.keyId, event.key);
        run.apiKeys.push(keyRow(event.key, venue));
        break;
      case "key_revoked":
        this.#revoked(event.keyId, time);
        break;
      case "transfer_completed":
        if (!event.repeated) run.transfers.push(transferRow(event, time, venue));
        break;
      case "asset_listed":
        run.assets.push(assetRow(event.asset));
        break;
      case "instrument_listed":
        this.#listings.set(event.instrument.id, { listedAt: time, changedAt: time });
        run.instruments.add(event.instrument.id);
        break;
      case "instrument_updated":
        (this.#listings.get(event.instrument.id) as Listing).changedAt = time;
        run.instruments.add(event.instrument.id);
        break;
      case "fees_set":
        run.feeTiers.push(feeTierRow(event, venue));
        break;
    }
  }

  #trade(trade: Trade, executedAt: Timestamp): void {
    const { venue } = this.#sources;
    const instrument = venue.instrument(trade.instrument);
    this.#run.tape.push({
      symbol: instrument.symbol,
      tradeSeq: trade.tradeSeq,
      price: priceOf(trade.price, instrument),
      quantity: quantityOf(trade.quantity, instrument),
      takerSide: trade.takerSide === "buy" ? "BUY" : "SELL",
      executedAt,
      takerOrderSeq: trade.takerOrder,
    });
    this.#fill(trade.takerOrder, trade);
    this.#fill(trade.makerOrder, trade);
  }

  /** The fold of the orders has just noted the fill: it is among the order's last ones. */
  #fill(orderSeq: OrderSeq, { tradeSeq }: Trade): void {
    const order = this.#sources.order(orderSeq);
    if (order === undefined) return;
    const fill = order.fills.findLast((each) => each.tradeSeq === tradeSeq);
    assert(fill !== undefined, "a fill is noted before its row is made");
    this.#run.orders.add(orderSeq);
    this.#run.trades.push(tradeRow(fill, order, this.#sources.venue));
  }

  #noteOrder(orderSeq: OrderSeq): void {
    if (this.#sources.order(orderSeq) !== undefined) this.#run.orders.add(orderSeq);
  }

  #revoked(keyId: string, at: Timestamp): void {
    const key = this.#keys.get(keyId);
    assert(key !== undefined, "only a key in force is revoked");
    this.#keys.delete(keyId);
    this.#run.apiKeys.push(keyRow(key, this.#sources.venue, at));
  }

  #audit(event: VenueEvent, unit: Unit): void {
    const { actor, correlationId } = unit.origin;
    const common = {
      occurredAt: unit.time,
      actor: storedText(actor),
      correlationId: optionalText(correlationId.slice(0, CORRELATION_MAX)),
    };
    for (const draft of auditDrafts(event, unit, this.#sources)) {
      this.#run.audit.push({ ...common, ...draft });
    }
  }

  #instrument(id: InstrumentId) {
    const { listedAt, changedAt } = this.#listings.get(id) as Listing;
    return instrumentRow(this.#sources.venue.instrument(id), listedAt, changedAt);
  }

  #account(number: AccountNumber) {
    const account = this.#sources.venue.account(number);
    assert(account !== undefined, "an account that an event names exists");
    return account;
  }
}

/** What is gathered from one `take` to the next. */
class Run {
  units = 0;
  last = 0 as Sequence;
  readonly assets: Asset[] = [];
  readonly instruments = new Set<InstrumentId>();
  readonly feeTiers: FeeTier[] = [];
  readonly accounts = new Set<AccountNumber>();
  readonly apiKeys: ApiKey[] = [];
  readonly orders = new Set<OrderSeq>();
  readonly trades: TradeRow[] = [];
  readonly tape: TapePrint[] = [];
  readonly balances = new Map<string, readonly [AccountNumber, AssetId]>();
  readonly transfers: Transfer[] = [];
  readonly audit: AuditEntry[] = [];
  readonly replies: IdempotencyRecord[] = [];
}

function replyRow(reply: KeptReply, createdAt: Timestamp, venue: VenueView): IdempotencyRecord {
  const { account, key, hash, status, contentType, body, sealedFor, sequence, expiresAt } = reply;
  return {
    accountId: idOf(account, venue),
    idemKey: key,
    requestHash: hash,
    httpStatus: status,
    // The body as text, so that it is sent again to the byte.
    response: { contentType, body: storedText(body), sealedFor, sequence },
    createdAt,
    expiresAt,
  };
}
