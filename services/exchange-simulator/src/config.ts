import { type Amount, formatShortest, MONEY_SCALE, parseAmount } from "@tse/domain";
import {
  ADAPTER_SETTINGS,
  boolean,
  type Config,
  decimal,
  integer,
  oneOf,
  type Parser,
  peer,
  serviceSettings,
  setting,
} from "@tse/service-kit";
import { JOURNAL_SETTINGS } from "./journal-settings.ts";

/** Money in the unit of account, above 0. */
const money: Parser<Amount> = {
  expected: "an amount above 0 such as 1000000",
  parse(value) {
    const amount = parseAmount(value);
    return amount !== undefined && amount > 0n ? amount : undefined;
  },
  write: (amount) => formatShortest(amount, MONEY_SCALE),
};

const share: Parser<string> = {
  expected: "a share from 0.01 to 1",
  parse(value) {
    const is = decimal().parse(value) !== undefined && Number(value) >= 0.01 && Number(value) <= 1;
    return is ? value : undefined;
  },
};

/** 32 bytes, as hex or base64. */
const secretKey: Parser<Buffer | undefined> = {
  expected: "32 bytes in hex or base64",
  parse(value) {
    const bytes = Buffer.from(value, /^[0-9a-fA-F]{64}$/.test(value) ? "hex" : "base64");
    return bytes.length === 32 ? bytes : undefined;
  },
};

/** Everything about the exchange simulator that a flag, a variable or `.env` may set. */
export const EXCHANGE_SETTINGS = {
  ...serviceSettings({
    service: "exchange-simulator",
    port: 8085,
    portAliases: ["EXCHANGE_PORT"],
    logLevelAliases: ["EXCHANGE_LOG_LEVEL"],
  }),
  ...JOURNAL_SETTINGS,
  ...ADAPTER_SETTINGS,
  secretKey: setting({
    env: "SECRET_KEY",
    parser: secretKey,
    default: undefined,
    about: "key that seals API secrets; made once and kept in the data directory when not given",
    secret: true,
  }),
  orderRateLimit: setting({
    env: "ORDER_RATE_LIMIT",
    parser: integer(0, 1_000_000),
    default: 100,
    about: "orders a second of one account, twice that at once; 0 for no limit",
  }),
  matchingLatencyMs: setting({
    env: "MATCHING_LATENCY_MS",
    parser: integer(0, 50),
    default: 0,
    about: "ms that each client's command waits before the sequencer, 0 to 50",
  }),
  maxOrderSize: setting({
    env: "MAX_ORDER_SIZE",
    parser: money,
    default: parseAmount("1000000") as Amount,
    about: "largest order, in USD at the reference price",
  }),
  slippage: setting({
    env: "ENABLE_SLIPPAGE",
    parser: boolean(),
    default: true,
    about: "whether makers spread their quotes over ten levels or offer all at the best",
  }),
  openSignup: setting<boolean | undefined>({
    env: "OPEN_SIGNUP",
    parser: boolean(),
    default: undefined,
    about: "accounts without a key; by default only while bound to a loopback address",
  }),
  kycRequired: setting({
    env: "KYC_REQUIRED",
    parser: boolean(),
    default: false,
    about: "whether only approved accounts trade",
  }),
  maxSubAccounts: setting({
    env: "MAX_SUB_ACCOUNTS",
    parser: integer(0, 10_000),
    default: 100,
    about: "sub-accounts of one master",
  }),
  marketData: setting({
    env: "PEER_MARKET_DATA_SIMULATOR",
    parser: peer(),
    default: undefined,
    about:
      "market-data service that prices come from, host:httpPort:grpcPort; without one the world makes its own",
  }),
  participants: setting({
    env: "PARTICIPANTS",
    flag: "participants",
    parser: oneOf("realistic", "fixed-spread"),
    default: "realistic",
    about: "who makes the markets: realistic, or fixed-spread, one exactly predictable maker",
  }),
  participantActivity: setting({
    env: "PARTICIPANT_ACTIVITY",
    parser: share,
    default: "0.1",
    about:
      "how busy the realistic participants are, 0.01 to 1: 1 is as many orders as on a large real venue",
  }),
} as const;

/** The exchange simulator's configuration, read. */
export type ExchangeConfig = Config<typeof EXCHANGE_SETTINGS>;

/** Whether a listener bound to `host` can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}
