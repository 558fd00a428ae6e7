import type { AccountNumber, Instrument, InstrumentId } from "@tse/domain";
import type { SetRates } from "../state/venue-state.ts";
import type { FeeRates } from "../view.ts";

const FREE: FeeRates = { maker: 0, taker: 0 };

/** Tier of accounts that pay no fee at all. */
const FREE_TIER = 0;

/**
 * Who pays what: the rates set for an account's tier and the instrument, else for the tier and all
 * instruments, else the instrument's own.
 *
 * The lookup is done when a rate changes, not when a trade needs it:
 *
 * ```
 * rates[tier][instrument]    tier 0 is free
 * ```
 */
export class FeeSchedule {
  readonly #tiers = new Map<string, number>();
  readonly #names: string[] = [""];
  readonly #tierOf: number[] = [];
  readonly #set = new Map<string, SetRates>();
  readonly #instruments: Instrument[] = [];
  readonly #rates: FeeRates[][] = [[]];

  rates(account: AccountNumber, instrument: InstrumentId): FeeRates {
    return this.#rates[this.#tierOf[account] as number]?.[instrument] as FeeRates;
  }

  accountChanged(account: AccountNumber, feeTier: string, pays: boolean): void {
    this.#tierOf[account] = pays ? this.#tier(feeTier) : FREE_TIER;
  }

  instrumentChanged(instrument: Instrument): void {
    this.#instruments[instrument.id] = instrument;
    for (let tier = 0; tier < this.#rates.length; tier++) this.#look(tier, instrument);
  }

  /** @param instrument `undefined`: all that have no rate of their own in this tier */
  set(feeTier: string, instrument: InstrumentId | undefined, rates: FeeRates): void {
    this.#set.set(keyOf(feeTier, instrument), { feeTier, instrument, rates });
    const tier = this.#tier(feeTier);
    for (const each of this.#instruments) this.#look(tier, each);
  }

  /** Everything set. */
  entries(): SetRates[] {
    return [...this.#set.values()];
  }

  #tier(feeTier: string): number {
    const known = this.#tiers.get(feeTier);
    if (known !== undefined) return known;

    const tier = this.#rates.push([]) - 1;
    this.#tiers.set(feeTier, tier);
    this.#names.push(feeTier);
    for (const instrument of this.#instruments) this.#look(tier, instrument);
    return tier;
  }

  #look(tier: number, instrument: Instrument): void {
    const row = this.#rates[tier] as FeeRates[];
    row[instrument.id] =
      tier === FREE_TIER ? FREE : this.#found(this.#names[tier] as string, instrument);
  }

  #found(feeTier: string, instrument: Instrument): FeeRates {
    return (
      this.#set.get(keyOf(feeTier, instrument.id))?.rates ??
      this.#set.get(keyOf(feeTier, undefined))?.rates ?? {
        maker: instrument.makerFee,
        taker: instrument.takerFee,
      }
    );
  }
}

function keyOf(feeTier: string, instrument: InstrumentId | undefined): string {
  return `${instrument ?? "*"} ${feeTier}`;
}
