import {
  type AccountNumber,
  type Amount,
  amount,
  type CreateAccount,
  type Instrument,
} from "@tse/domain";
import type { VenueView } from "@tse/venue";
import type { Profile } from "./fixed-spread/profile.ts";

/** The house accounts of one instrument. */
export const HOUSE_ROLES = ["maker", "taker", "crowd"] as const;

export type HouseRole = (typeof HOUSE_ROLES)[number];

const HOUSE_USER = "house";

/** Inventories as multiples of what the maker's quotes offer at most. */
const MULTIPLES: Readonly<Record<HouseRole, number>> = { maker: 20, taker: 10, crowd: 20 };

/** The account by which one role takes part in one instrument's market. */
export function houseAccount(role: HouseRole, symbol: string): CreateAccount {
  return {
    kind: "create_account",
    userId: HOUSE_USER,
    type: "spot",
    role: "simulated",
    parent: undefined,
    name: houseName(role, symbol),
    feeTier: "standard",
    metadata: "",
    key: undefined,
  };
}

/** What the account gets to begin with, in the instrument's two assets, worth the same at the start. */
export function startingInventory(
  role: HouseRole,
  instrument: Instrument,
  { quotes }: Profile,
): { readonly base: Amount; readonly quote: Amount } {
  const { minorPerLot, minorPerTickLot, startPrice } = instrument;
  const furthest = Math.max(quotes.buy.furthest, quotes.sell.furthest);
  const offered = BigInt(furthest) * BigInt(quotes.levels) * BigInt(MULTIPLES[role]);
  return {
    base: amount(offered * BigInt(minorPerLot)),
    quote: amount(offered * BigInt(startPrice) * BigInt(minorPerTickLot)),
  };
}

/** House accounts by name, found among the venue's: after a restart they are there already. */
export function findHouse(venue: VenueView): ReadonlyMap<string, AccountNumber> {
  const simulated = venue.accounts().filter(({ role }) => role === "simulated");
  return new Map(simulated.map(({ name, number }) => [name, number]));
}

export function houseName(role: HouseRole, symbol: string): string {
  return `${role} ${symbol}`;
}
