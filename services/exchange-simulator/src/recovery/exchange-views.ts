import type { Sequence, Timestamp } from "@tse/domain";
import type { Venue, VenueState } from "@tse/venue";
import type { Unit } from "../exchange.ts";
import { postedRenderer } from "../gateways/native/posted.ts";
import {
  IdempotentReplies,
  type IdempotentRepliesState,
  type OlderReplies,
} from "../idempotency/idempotent-replies.ts";
import { FeedStates, type FeedStatesState } from "../views/feed-states.ts";
import { OrderHistory, type OrderHistoryState } from "../views/orders.ts";
import { Statement, type StatementState } from "../views/statement.ts";
import { Tape, type TapeState } from "../views/tape.ts";
import { TransferHistory, type TransferHistoryState } from "../views/transfers.ts";

const FORMAT = 2;

/** All that a restart goes on from. Plain data, stored as a snapshot. */
export interface ExchangeState {
  readonly format: number;
  /** World time of the last command. */
  readonly time: Timestamp;
  readonly venue: VenueState;
  readonly orders: OrderHistoryState;
  readonly feeds: FeedStatesState;
  readonly tape: TapeState;
  readonly transfers: TransferHistoryState;
  readonly statement: StatementState;
  readonly replies: IdempotentRepliesState;
}

/** A snapshot is of a version that this one can't read. */
export class StateUnsupported extends Error {
  override name = "StateUnsupported";
}

/** Everything that is read of the past, folded from units in this order. */
export class ExchangeViews {
  readonly orders: OrderHistory;
  readonly feeds = new FeedStates();
  readonly tape: Tape;
  readonly transfers = new TransferHistory();
  readonly statement: Statement;
  readonly replies: IdempotentReplies;

  constructor(venue: Venue, older?: OlderReplies) {
    this.orders = new OrderHistory(venue);
    this.tape = new Tape(venue);
    this.statement = new Statement(venue);
    const { orders, feeds } = this;
    this.replies = new IdempotentReplies({
      render: postedRenderer({ venue, orders, feeds }),
      older,
    });
  }

  /** Everything, in the order in which it is to be subscribed. */
  get all() {
    const { orders, feeds, tape, transfers, statement, replies } = this;
    return [orders, feeds, tape, transfers, statement, replies] as const;
  }

  /**
   * A unit of a long replay of which only the end is kept: what is older is read from where it is stored.
   * Its events may leave out the changes of balances and levels.
   */
  pass(unit: Unit): void {
    const { orders, feeds, tape, transfers, replies } = this;
    orders.pass(unit);
    feeds.record(unit);
    tape.record(unit);
    transfers.record(unit);
    replies.record(unit);
  }

  /** The last such unit was `sequence`, and the venue stands at it. */
  passed(sequence: Sequence): void {
    this.orders.passed(sequence);
    this.statement.passed(sequence);
  }

  /** What happened up to `sequence` is stored elsewhere. */
  projected(sequence: Sequence): void {
    const { orders, tape, transfers, statement, replies } = this;
    for (const view of [orders, tape, transfers, statement, replies]) view.projected(sequence);
  }

  /** @param projected what is stored elsewhere need not be saved */
  save(projected: Sequence): Omit<ExchangeState, "format" | "time" | "venue"> {
    const { orders, feeds, tape, transfers, statement, replies } = this;
    return {
      orders: orders.save(projected),
      feeds: feeds.save(),
      tape: tape.save(projected),
      transfers: transfers.save(projected),
      statement: statement.save(projected),
      replies: replies.save(projected),
    };
  }

  /** Into views that have recorded nothing. */
  restore(state: ExchangeState): void {
    this.orders.restore(state.orders);
    this.feeds.restore(state.feeds);
    this.tape.restore(state.tape);
    this.transfers.restore(state.transfers);
    this.statement.restore(state.statement);
    this.replies.restore(state.replies);
  }
}

/** The state of the venue and its views, which stand at the same command. */
export function saveExchange(
  parts: { readonly venue: Venue; readonly views: ExchangeViews; readonly time: Timestamp },
  projected: Sequence,
): ExchangeState {
  const { venue, views, time } = parts;
  return { format: FORMAT, time, venue: venue.save(), ...views.save(projected) };
}

/** @throws StateUnsupported */
export function readState(state: unknown): ExchangeState {
  const { format } = state as ExchangeState;
  if (format === FORMAT) return state as ExchangeState;
  throw new StateUnsupported(
    `the newest snapshot has format ${format}, this version reads ${FORMAT}: start the version that wrote ` +
      "it, or, where the journal still begins with its first segment, move the folder snapshots away to " +
      "repeat all of it",
  );
}
