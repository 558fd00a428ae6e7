import type { Instrument } from "@tse/domain";
import type { VenueView } from "@tse/venue";
import { joined } from "../../symbols.ts";
import { refused } from "./failures.ts";
import { symbolStatusWord, type WireSymbolStatus } from "./wire-words.ts";

type Instruments = Pick<VenueView, "instruments">;

/** `BTCUSDT` for BTC/USDT. */
export const symbolOf = ({ baseAsset, quoteAsset }: Instrument): string => baseAsset + quoteAsset;

export function instrumentCalled(venue: Instruments, symbol: string): Instrument {
  const instrument = joined(venue, symbol);
  if (instrument === undefined) throw refused("symbol");
  return instrument;
}

export interface SymbolChoice {
  readonly symbol: string | undefined;
  readonly symbols: readonly string[] | undefined;
  readonly symbolStatus: WireSymbolStatus | undefined;
}

/** The instruments that a request names: one, some, or, naming none, all; those of one status. */
export function chosenInstruments(venue: Instruments, choice: SymbolChoice): readonly Instrument[] {
  const { symbol, symbols, symbolStatus } = choice;
  if (symbol !== undefined && symbols !== undefined) throw refused("combination");
  const hasStatus = ({ status }: Instrument): boolean =>
    symbolStatus === undefined || symbolStatusWord(status) === symbolStatus;

  const named = symbol === undefined ? symbols : [symbol];
  if (named === undefined) return venue.instruments().filter(hasStatus);
  const instruments = named.map((each) => instrumentCalled(venue, each));
  if (!instruments.every(hasStatus)) throw refused("other_symbol_status");
  return instruments;
}
