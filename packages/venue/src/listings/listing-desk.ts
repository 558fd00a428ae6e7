import type {
  AssetId,
  InstrumentId,
  ListAsset,
  ListInstrument,
  Rejection,
  SetFees,
  SetReferencePrice,
  UpdateInstrument,
} from "@tse/domain";
import type { Accounts } from "../accounts/accounts.ts";
import type { EventLog } from "../events/event-log.ts";
import type { FeeSchedule } from "../ledger/fees.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { changed, instrumentOf, isRate } from "./instrument.ts";
import type { Listings } from "./listings.ts";

const ASSET = /^[A-Z0-9]{2,10}$/;

export interface ListingDeskParts {
  readonly accounts: Accounts;
  readonly listings: Listings;
  readonly ledger: Ledger;
  readonly fees: FeeSchedule;
  readonly log: EventLog;
}

/** Lists assets and instruments, changes their rules, fees and reference prices. */
export class ListingDesk {
  readonly #parts: ListingDeskParts;

  constructor(parts: ListingDeskParts) {
    this.#parts = parts;
  }

  listAsset({ asset }: ListAsset): Rejection | undefined {
    const { listings, ledger, accounts, log } = this.#parts;
    if (listings.assetNamed(asset) !== undefined) return { code: "already_listed", field: "asset" };
    if (!ASSET.test(asset)) return { code: "invalid_instrument", field: "asset" };

    // From here it must succeed.
    const id = listings.addAsset(asset);
    ledger.reserve(accounts.count, listings.assets.length);
    log.append({ kind: "asset_listed", id, asset });
    return undefined;
  }

  listInstrument(command: ListInstrument): Rejection | undefined {
    const { listings, fees, log } = this.#parts;
    const base = listings.assetNamed(command.baseAsset);
    const quote = listings.assetNamed(command.quoteAsset);
    if (base === undefined || quote === undefined) return this.#assetMissing(base, command);
    const namesake = listings.marketNamed(`${command.baseAsset}/${command.quoteAsset}`);
    if (namesake !== undefined && namesake.instrument.status !== "delisted") {
      return { code: "already_listed", field: "symbol" };
    }
    const id = listings.markets.length as InstrumentId;
    const instrument = instrumentOf(command, { id, base, quote });
    if (instrument === undefined || instrument.status === "delisted") return INVALID;

    // From here it must succeed.
    listings.addInstrument(instrument);
    fees.instrumentChanged(instrument);
    log.append({ kind: "instrument_listed", instrument });
    return undefined;
  }

  updateInstrument({ instrument: id, rules }: UpdateInstrument): Rejection | undefined {
    const { listings, fees, log } = this.#parts;
    const market = listings.market(id);
    if (market === undefined) return { code: "symbol_not_found", field: "symbol" };
    const instrument = changed(market.instrument, rules);
    if (instrument === undefined || market.instrument.status === "delisted") return INVALID;
    if (instrument.status === "delisted" && market.book.size > 0) {
      return { code: "instrument_in_use", field: "instrument" };
    }

    // From here it must succeed.
    market.change(instrument);
    fees.instrumentChanged(instrument);
    log.append({ kind: "instrument_updated", instrument });
    return undefined;
  }

  setFees({ tier, instrument, maker, taker }: SetFees): Rejection | undefined {
    const { listings, fees, log } = this.#parts;
    if (instrument !== undefined && listings.market(instrument) === undefined) {
      return { code: "symbol_not_found", field: "symbol" };
    }
    if (!isRate(maker) || !isRate(taker)) return { code: "amount_out_of_range", field: "amount" };

    // From here it must succeed.
    fees.set(tier, instrument, { maker, taker });
    log.append({ kind: "fees_set", tier, instrument, maker, taker });
    return undefined;
  }

  setReferencePrice({ instrument, price }: SetReferencePrice): Rejection | undefined {
    const { listings, log } = this.#parts;
    const market = listings.market(instrument);
    if (market === undefined) return { code: "symbol_not_found", field: "symbol" };
    if (price < 0 || !Number.isSafeInteger(price)) return { code: "price_tick", field: "limit" };

    // From here it must succeed.
    market.feedChanged(price);
    log.append({ kind: "reference_price_changed", instrument, price });
    return undefined;
  }

  #assetMissing(base: AssetId | undefined, { baseAsset, quoteAsset }: ListInstrument): Rejection {
    return {
      code: "asset_not_found",
      field: "asset",
      name: base === undefined ? baseAsset : quoteAsset,
    };
  }
}

const INVALID: Rejection = { code: "invalid_instrument", field: "instrument" };
