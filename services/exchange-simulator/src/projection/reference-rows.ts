import {
  type AccountNumber,
  type AssetId,
  entityId,
  type FeesSet,
  type Timestamp,
  type TransferCompleted,
  type Account as VenueAccount,
  type Instrument as VenueInstrument,
  type ApiKey as VenueKey,
} from "@tse/domain";
import type {
  Account,
  AccountStatus,
  AccountType,
  ApiKey,
  Asset,
  BalanceRow,
  FeeTier,
  Instrument,
  InstrumentStatus,
  KycStatus,
  Transfer,
} from "@tse/exchange-data-adapter";
import type { VenueView } from "@tse/venue";
import { optionalText, priceOf, quantityOf, storedObject, storedText } from "./stored-forms.ts";

const ROLES = { customer: "CUSTOMER", simulated: "SIMULATED", venue: "VENUE" } as const;
const BASIS_POINTS = 10_000;
/** Assets that one account may hold before its balances' numbers would meet the next account's. */
const ASSETS_MAX = 2 ** 16;

export function accountRow(account: VenueAccount, venue: VenueView): Account {
  const { number, master } = account;
  return {
    accountId: account.id,
    parentAccountId: master === number ? undefined : idOf(master, venue),
    userId: storedText(account.userId),
    name: optionalText(account.name),
    accountType: account.type.toUpperCase() as AccountType,
    role: ROLES[account.role],
    status: account.status.toUpperCase() as AccountStatus,
    kycStatus: account.kycStatus.toUpperCase() as KycStatus,
    feeTier: storedText(account.feeTier),
    createdAt: account.createdAt,
    updatedAt: account.updatedAt,
    metadata: storedObject(account.metadata),
  };
}

/** @param revokedAt `undefined` while it is in force */
export function keyRow(key: VenueKey, venue: VenueView, revokedAt?: Timestamp): ApiKey {
  return {
    keyId: key.keyId,
    accountId: idOf(key.account, venue),
    label: optionalText(key.label),
    kind: "SECRET",
    scopes: key.scopes,
    secretHash: key.secretHash,
    secretCiphertext: new Uint8Array(Buffer.from(key.sealedSecret, "base64")),
    publicKey: undefined,
    ipAllow: key.addresses.length === 0 ? undefined : key.addresses,
    createdAt: key.createdAt,
    lastUsedAt: undefined,
    expiresAt: key.expiresAt === 0 ? undefined : key.expiresAt,
    revokedAt,
  };
}

export function assetRow(asset: string): Asset {
  return { asset, displayName: undefined, decimals: 8, isActive: true };
}

/** Rates keep their scale of 10^8; the widest spread is counted in basis points there. */
export function instrumentRow(
  instrument: VenueInstrument,
  listedAt: Timestamp,
  changedAt: Timestamp,
): Instrument {
  return {
    symbol: instrument.symbol,
    baseAsset: instrument.baseAsset,
    quoteAsset: instrument.quoteAsset,
    status: instrument.status.toUpperCase() as InstrumentStatus,
    tickSize: instrument.tickSize.minor,
    lotSize: instrument.lotSize.minor,
    minSize: quantityOf(instrument.minQuantity, instrument),
    maxSize: quantityOf(instrument.maxQuantity, instrument),
    minNotional: instrument.minNotional,
    priceBand: instrument.priceBand,
    priceMultiplierUp: instrument.priceMultiplierUp,
    priceMultiplierDown: instrument.priceMultiplierDown,
    maxOpenOrders: instrument.maxOpenOrders,
    maxOpenStopOrders: 5,
    maxSpreadBps: instrument.maxSpread * BASIS_POINTS,
    makerFeeRate: instrument.makerFee,
    takerFeeRate: instrument.takerFee,
    createdAt: listedAt,
    updatedAt: changedAt,
    metadata: {
      instrument: instrument.id,
      startPrice: priceOf(instrument.startPrice, instrument).toString(),
      maxNotional: instrument.maxNotional.toString(),
    },
  };
}

export function feeTierRow({ tier, instrument, maker, taker }: FeesSet, venue: VenueView): FeeTier {
  return {
    tier: storedText(tier),
    symbol: instrument === undefined ? "*" : venue.instrument(instrument).symbol,
    makerFeeRate: maker,
    takerFeeRate: taker,
  };
}

/** What a house account has locked for its quotes is nobody's to see: its whole total is available. */
export function balanceRow(account: AccountNumber, asset: AssetId, venue: VenueView): BalanceRow {
  const { id, role, createdAt } = venue.account(account) as VenueAccount;
  const { available, locked, updatedAt } = venue.balance(account, asset);
  const isCustomers = role === "customer";
  return {
    balanceId: entityId("balance", createdAt, account * ASSETS_MAX + asset),
    accountId: id,
    symbol: venue.assetName(asset),
    availableBalance: (isCustomers ? available : available + locked) as typeof available,
    lockedBalance: (isCustomers ? locked : 0n) as typeof locked,
    lastUpdated: updatedAt,
    metadata: undefined,
  };
}

export function transferRow(event: TransferCompleted, time: Timestamp, venue: VenueView): Transfer {
  const { transferSeq, from, to, externalId } = event;
  const transferId = entityId("transfer", time, transferSeq);
  const kind = from === undefined ? "DEPOSIT" : to === undefined ? "WITHDRAWAL" : "INTERNAL";
  return {
    transferId,
    transferSeq,
    kind,
    fromAccountId: from === undefined ? undefined : idOf(from, venue),
    toAccountId: to === undefined ? undefined : idOf(to, venue),
    asset: venue.assetName(event.asset),
    amount: event.amount,
    status: "COMPLETED",
    // A client's name for it is unique for its account and direction only: it stands in the metadata.
    externalId: externalId === "" ? undefined : transferId,
    reason: optionalText(event.reason),
    createdAt: time,
    completedAt: time,
    metadata: externalId === "" ? undefined : { externalId: storedText(externalId) },
  };
}

export function idOf(account: AccountNumber, venue: VenueView): string {
  return (venue.account(account) as VenueAccount).id;
}
