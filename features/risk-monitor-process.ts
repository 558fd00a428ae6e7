/**
 * A risk monitor as far as its feed of prices goes: a stranger to the service, with the published proto and a library
 * that reads it. Prints a JSON line for everything that happens; when its stream is lost it comes back for what it missed.
 *
 * `node features/risk-monitor-process.ts <proto> <host:port> <symbols> <interval in ms>`
 */
import process from "node:process";
import {
  type ClientReadableStream,
  credentials,
  loadPackageDefinition,
  type ServiceClientConstructor,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

interface PriceUpdate {
  readonly symbol: string;
  readonly price: number;
  readonly price_decimal: string;
  readonly sequence: string;
  readonly skipped: string;
}

interface Request {
  readonly symbols: readonly string[];
  readonly update_interval_ms: number;
  readonly resume_after: string;
}

interface MarketDataClient {
  StreamPrices(request: Request): ClientReadableStream<PriceUpdate>;
  waitForReady(deadline: number, done: (error?: Error) => void): void;
}

/** Longest that a service may be away. */
const AWAY_MS = 30_000;
const RECONNECT = {
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 200,
};

const [, , proto = "", address = "", symbolList = "", interval = "0"] = process.argv;
const symbols = symbolList.split(",");
const client = connect();
/** By symbol. */
const lastSequences = new Map<string, number>();

subscribe();

function connect(): MarketDataClient {
  const options = { keepCase: true, longs: String, defaults: true };
  const { marketdata } = loadPackageDefinition(loadSync(proto, options));
  const services = marketdata as unknown as Record<string, ServiceClientConstructor>;
  const Client = services.MarketDataService as ServiceClientConstructor;
  return new Client(
    address,
    credentials.createInsecure(),
    RECONNECT,
  ) as unknown as MarketDataClient;
}

function subscribe(): void {
  const resumeAfter = oldestOfLast().toString();
  const stream = client.StreamPrices({
    symbols,
    update_interval_ms: Number(interval),
    resume_after: resumeAfter,
  });
  tell({ event: "subscribed", resumeAfter });
  stream.on("data", note);
  stream.on("error", (error: ServiceError) => {
    tell({ event: "lost", code: status[error.code], message: error.message });
    if (error.code === status.UNAVAILABLE) comeBack();
    else process.exitCode = 1;
  });
}

function comeBack(): void {
  client.waitForReady(Date.now() + AWAY_MS, (error) => {
    if (error === undefined || error === null) return subscribe();
    tell({ event: "gave up", message: error.message });
    process.exitCode = 1;
  });
}

function note(update: PriceUpdate): void {
  const { symbol, price, price_decimal: priceDecimal } = update;
  const [sequence, skipped] = [Number(update.sequence), Number(update.skipped)];
  lastSequences.set(symbol, Math.max(sequence, lastSequences.get(symbol) ?? 0));
  tell({ event: "update", symbol, price, priceDecimal, sequence, skipped });
}

/** A stream resumes all its symbols behind one number, so that who is furthest back misses nothing. */
function oldestOfLast(): number {
  return Math.min(...symbols.map((symbol) => lastSequences.get(symbol) ?? 0));
}

function tell(line: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
