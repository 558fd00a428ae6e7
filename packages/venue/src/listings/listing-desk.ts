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
import { changed, instrumentOf, isRate, type Naming } from "./instrument.ts";
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
    if (this.#parts.listings.assetNamed(asset) !== undefined) {
      return { code: "already_listed", field: "asset" };
    }
    if (!ASSET.test(asset)) return INVALID_ASSET;

    // From here it must succeed.
    this.#addAsset(asset);
    return undefined;
  }

  listInstrument(command: ListInstrument): Rejection | undefined {
    const { listings, fees, log } = this.#parts;
    const { baseAsset, quoteAsset } = command;
    if (!ASSET.test(baseAsset) || !ASSET.test(quoteAsset)) return INVALID_ASSET;
    const namesake = listings.marketJoined(`${baseAsset}${quoteAsset}`);
    if (namesake !== undefined && namesake.instrument.status !== "delisted") {
      return { code: "already_listed", field: "symbol" };
    }
    const missing = [baseAsset, quoteAsset].filter(
      (name) => listings.assetNamed(name) === undefined,
    );
    const instrument = instrumentOf(command, this.#naming(command, missing));
    if (instrument === undefined || instrument.status === "delisted") return INVALID;

    // From here it must succeed.
    for (const asset of missing) this.#addAsset(asset);
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

  /** The numbers that the instrument and its assets have once those `missing` are listed, in that order. */
  #naming({ baseAsset, quoteAsset }: ListInstrument, missing: readonly string[]): Naming {
    const { listings } = this.#parts;
    const idOf = (asset: string): AssetId =>
      listings.assetNamed(asset) ?? ((listings.assets.length + missing.indexOf(asset)) as AssetId);
    return {
      id: listings.markets.length as InstrumentId,
      base: idOf(baseAsset),
      quote: idOf(quoteAsset),
    };
  }

  #addAsset(asset: string): void {
    const { listings, ledger, accounts, log } = this.#parts;
    const id = listings.addAsset(asset);
    ledger.reserve(accounts.count, listings.assets.length);
    log.append({ kind: "asset_listed", id, asset });
  }
}

const INVALID: Rejection = { code: "invalid_instrument", field: "instrument" };
const INVALID_ASSET: Rejection = { code: "invalid_instrument", field: "asset" };
