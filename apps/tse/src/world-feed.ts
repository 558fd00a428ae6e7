import { join } from "node:path";
import {
  dataDirOf,
  type ExchangeConfig,
  type ExchangeSimulator,
  type RunningFeed,
} from "@tse/exchange-simulator";
import {
  MARKET_DATA_SETTINGS,
  type MarketDataConfig,
  type MarketDataReady,
  MarketDataSimulator,
} from "@tse/market-data-simulator";
import { createLogger } from "@tse/service-kit";

/** The world's market-data service: where it listens, and its prices for the exchange's participants. */
export interface WorldFeed extends RunningFeed {
  readonly ready: MarketDataReady;
}

/** Where a world keeps its path of prices, within its data directory. */
const MARKET_FOLDER = "market";

/**
 * Starts the market-data service of a world that runs in this process: on the world's clock, with its seed, beside its
 * history, and opened by the same admin token. Its listeners are one port above the exchange's.
 *
 * @throws what `MarketDataSimulator.open` and `start` throw, with everything taken down again
 */
export async function openWorldFeed(
  config: ExchangeConfig,
  chosen: MarketChoice,
  exchange: ExchangeSimulator,
): Promise<WorldFeed> {
  const database = await exchange.connectDatabase();
  const own = marketConfig(config, chosen, exchange.adminToken);
  const { logLevel: level, logFormat: format, service: name, version, environment } = own;
  const logger = createLogger({
    level,
    format,
    service: name,
    instance: name,
    version,
    environment,
  });
  const service = await MarketDataSimulator.open({
    config: own,
    logger,
    clock: exchange.clock,
    venue: exchange,
    ...(database && { database }),
  });
  try {
    const ready = await service.start();
    return {
      ready,
      follow: (symbols, listener) =>
        service.follow(symbols, ({ symbol, priceDecimal: price, bid, ask }) =>
          listener({ symbol, price, bid, ask }),
        ),
      stop: () => service.stop(),
    };
  } catch (error) {
    await service.stop();
    throw error;
  }
}

/** What of a market a user of a world chooses. */
export type MarketChoice = Pick<
  MarketDataConfig,
  "priceMode" | "symbols" | "spreadMode" | "scenarioDir"
>;

function marketConfig(
  config: ExchangeConfig,
  chosen: MarketChoice,
  adminToken: string,
): MarketDataConfig {
  const { service, grpcPort, subscribersMax, symbolSubscribersMax } = MARKET_DATA_SETTINGS;
  // Everything that two services of one world have in common they have from the exchange.
  return {
    ...config,
    ...chosen,
    service: service.default,
    instance: undefined,
    port: config.port === 0 ? 0 : config.port + 1,
    grpcPort: grpcPort.default,
    adminPort: undefined,
    adminToken,
    dataDir: join(dataDirOf(config), MARKET_FOLDER),
    subscribersMax: subscribersMax.default,
    symbolSubscribersMax: symbolSubscribersMax.default,
  };
}
