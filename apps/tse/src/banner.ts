import { styleText } from "node:util";
import type { ExchangeConfig, ExchangeReady } from "@tse/exchange-simulator";
import type { MarketDataReady } from "@tse/market-data-simulator";
import { countText } from "./readable.ts";

type Demo = NonNullable<ExchangeReady["demo"]>;

/** Where the world's market-data service listens. */
export interface MarketPlaces {
  readonly http: string;
  readonly grpc: string;
  readonly ws: string;
  readonly admin: string;
}

export function placesOf({ http, grpc, ws, admin }: MarketDataReady): MarketPlaces {
  return { http, grpc, ws, admin };
}

/** Everything a newcomer needs to send a first order, to be read in a terminal. */
export function banner(
  ready: ExchangeReady,
  version: string,
  config: ExchangeConfig,
  market: MarketPlaces | undefined,
): string {
  const { http, ws, admin, demo, dataDir } = ready;
  return `
  ${bold("trading-ecosystem")} ${version}: the market is open (seed ${config.seed}, ${config.clockMode} clock)

  ${dim("World      ")} ${world(ready)}
  ${dim("REST       ")} ${http}/api/v1
  ${dim("Docs       ")} ${http}/docs
  ${dim("Binance API")} ${http}/api/v3
  ${dim("WebSocket  ")} ${ws}/api/v1/ws
${market === undefined ? "" : marketLines(market)}  ${dim("Admin      ")} ${admin}
  ${dim("Admin token")} ${adminToken(ready)}

${demo === undefined ? withoutDemo() : firstOrders(http, demo)}
  ${dim(dataDir === undefined ? "Ctrl-C ends this world." : "Ctrl-C closes the market; the next start goes on from there.")}

`;
}

function marketLines({ http, grpc, admin }: MarketPlaces): string {
  return `  ${dim("Market data")} ${http}/api/v1 ${dim(`gRPC ${grpc}, admin ${admin}`)}
`;
}

/** Whether it is new, and what becomes of it. */
function world({ dataDir, restored }: ExchangeReady): string {
  const where = dataDir === undefined ? "it ends with this process" : `kept in ${dataDir}`;
  if (restored === 0) return `a new world, ${where}`;
  return `continues at command ${countText(restored)}, ${where}`;
}

function firstOrders(http: string, demo: Demo): string {
  return `  ${dim("Account    ")} ${demo.accountId} ${dim("(the demo account)")}
  ${dim("API key    ")} ${demo.keyId}
  ${dim("API secret ")} ${demo.secret}

  ${bold("Buy 0.01 BTC with curl")}

  ${curlOrder(http, demo)}

  ${bold("The same with ccxt, in this folder")}

  ${ccxtOrder(http, demo)}
`;
}

/** The world goes on without its demo key. */
function withoutDemo(): string {
  return `  ${dim("The demo account's key was revoked, or SECRET_KEY is another than it was made with.")}
  ${dim("Make a key with POST /admin/accounts, or begin anew with --fresh.")}
`;
}

/** A token that was made is shown this once; one that was given is its owner's to show. */
function adminToken({ adminToken: token, adminTokenFile: file }: ExchangeReady): string {
  return file === undefined ? dim("(as in ADMIN_TOKEN)") : `${token} ${dim(`(kept in ${file})`)}`;
}

/** One line for a shell: a market order over the native API. */
function curlOrder(http: string, demo: Demo): string {
  const order = JSON.stringify({
    accountId: demo.accountId,
    symbol: "BTC/USDT",
    side: "BUY",
    orderType: "MARKET",
    quantity: "0.01",
  });
  const headers = [
    `-H 'Authorization: Bearer ${demo.keyId}.${demo.secret}'`,
    "-H 'Content-Type: application/json'",
  ];
  return `curl -s ${http}/api/v1/orders ${headers.join(" ")} -d '${order}'`;
}

/** One line for a shell: a market order by an unmodified ccxt, pointed at the Binance dialect. */
function ccxtOrder(http: string, demo: Demo): string {
  const { keyId: apiKey, secret } = demo;
  const options = { apiKey, secret, options: { fetchMarkets: { types: ["spot"] } } };
  const program = [
    'import ccxt from "ccxt"',
    `const exchange = new ccxt.binance(${JSON.stringify(options)})`,
    `exchange.urls.test.public = exchange.urls.test.private = "${http}/api/v3"`,
    "exchange.setSandboxMode(true)",
    'const order = await exchange.createOrder("BTC/USDT", "market", "buy", 0.01)',
    "console.log(order.side, order.filled, order.symbol, order.status, order.average)",
  ];
  return `node --input-type=module -e '${program.join("; ")}'`;
}

function bold(text: string): string {
  return styleText("bold", text, { stream: process.stdout });
}

function dim(text: string): string {
  return styleText("dim", text, { stream: process.stdout });
}
