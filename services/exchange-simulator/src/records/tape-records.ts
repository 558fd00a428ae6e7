import { type InstrumentId, type Timestamp, timestamp } from "@tse/domain";
import type { ExchangeDataAdapter } from "@tse/exchange-data-adapter";
import type { VenueView } from "@tse/venue";
import { publicTrade } from "../archive/stored-records.ts";
import type { PublicTrade } from "../views/public-trade.ts";
import type { Tape } from "../views/tape.ts";
import { type Part, partOf, type Window } from "./merge.ts";
import { type Past, pageRequest, pastBehind, recordsOf } from "./stored.ts";

export interface TapeFilter {
  readonly instrument: InstrumentId;
  /** Execution time, inclusive. */
  readonly from?: Timestamp | undefined;
  /** Execution time, inclusive. */
  readonly to?: Timestamp | undefined;
}

interface TapeRecordsParts {
  readonly venue: VenueView;
  readonly tape: Tape;
  readonly past: Past;
}

/** Everybody's trades of any age: the new ones from memory, the old ones from SQL. */
export class TapeRecords {
  readonly #parts: TapeRecordsParts;

  constructor(parts: TapeRecordsParts) {
    this.#parts = parts;
  }

  /**
   * By `tradeSeq`. Of an old trade nobody knows the maker's order.
   *
   * @throws StorageError `storage_unavailable` when that reaches into SQL and that can't be read
   */
  trades(filter: TapeFilter, window: Window): Promise<Part<PublicTrade>> {
    const { tape } = this.#parts;
    const { instrument, from, to } = filter;
    return partOf(
      {
        numberOf: ({ tradeSeq }) => tradeSeq,
        recent: tape.between(instrument, from ?? FIRST, to ?? LAST),
        forgotten: tape.forgotten(instrument),
        stored: (part) => this.#stored(filter, part),
      },
      window,
    );
  }

  async *#stored(
    { instrument, from, to }: TapeFilter,
    window: Window,
  ): AsyncGenerator<PublicTrade> {
    const { venue, tape, past } = this.#parts;
    const history = pastBehind(past, tape);
    const { symbol } = venue.instrument(instrument);
    const since = await this.#listedAt(instrument, history);
    const query = {
      symbol,
      executedAfter: timestamp(Math.max(from ?? FIRST, since) - 1),
      ...(to !== undefined && to < LAST && { executedBefore: timestamp(to + 1) }),
      afterSeq: window.after,
      beforeSeq: window.before,
      ...pageRequest("tradeSeq", window),
    };
    yield* recordsOf(
      (asked) => history.tapeRepository.query(asked),
      query,
      (print) => publicTrade(print, venue.instrument(instrument)),
    );
  }

  /** Where a symbol was listed again, what was before is of another instrument. */
  async #listedAt(id: InstrumentId, history: ExchangeDataAdapter): Promise<Timestamp> {
    const instruments = this.#parts.venue.instruments();
    const symbol = instruments[id]?.symbol as string;
    const isAgain = instruments.filter((each) => each.symbol === symbol).length > 1;
    if (!isAgain) return FIRST;
    return (await history.instrumentRepository.getBySymbol(symbol)).createdAt;
  }
}

const FIRST = timestamp(0);
const LAST = timestamp(Number.MAX_SAFE_INTEGER);
