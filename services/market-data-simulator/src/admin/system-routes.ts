import {
  type ErrorEntry,
  formatTime,
  type Health,
  type HttpHost,
  LOG_LEVELS,
  type RootLogger,
} from "@tse/service-kit";
import { z } from "zod";
import { ERRORS } from "../api/problems.ts";
import type { MarketStore } from "../archive/store.ts";
import type { Core } from "../core.ts";
import type { Feed } from "../feed/feed.ts";
import { UNIT_OF_ACCOUNT } from "../feed/symbol-terms.ts";

export interface SystemDeps {
  readonly core: Core;
  readonly store: MarketStore;
  readonly health: Pick<Health, "liveness" | "phase">;
  /** Only the root can change what is written. */
  readonly rootLogger: Pick<RootLogger, "level">;
}

const tags = ["System"];
const logLevel = z.strictObject({ level: z.enum(LOG_LEVELS) });

/** Codes of this listener only. */
const OWN_ERRORS: readonly ErrorEntry[] = [
  { code: "unauthenticated", status: 401, title: "The admin token is needed" },
  { code: "chaos_disabled", status: 403, title: "This world takes no chaos" },
  { code: "dataset_of_another_symbol", status: 400, title: "The data set is of another symbol" },
  { code: "dataset_unsuitable", status: 400, title: "The data set can't be used so" },
  { code: "outside_dataset", status: 400, title: "The data set has no such time" },
  { code: "dataset_not_found", status: 404, title: "There is no such data set" },
  { code: "replay_not_found", status: 404, title: "There is no such replay" },
  { code: "source_not_found", status: 404, title: "There is no such source" },
  { code: "replay_over", status: 409, title: "The replay is over" },
  { code: "clock_not_frozen", status: 409, title: "Only a frozen clock can be advanced" },
];

/** Who the service is, and a look inside. */
export function systemRoutes(app: HttpHost, deps: SystemDeps): void {
  const { health, rootLogger } = deps;
  const schema = { tags };
  app.get("/admin/info", { schema }, async () => ({
    ...health.liveness(),
    phase: health.phase,
    uptimeSeconds: Math.floor(process.uptime()),
    node: process.version,
    pid: process.pid,
  }));
  app.put("/admin/log-level", { schema: { tags, body: logLevel } }, async ({ body }) => {
    rootLogger.level = body.level;
    return { level: rootLogger.level };
  });
  const errors = [...ERRORS, ...OWN_ERRORS];
  app.get("/admin/errors", { schema }, async () => ({ errors }));
  showState(app, deps);
}

/** What the sources of an asset said last; `null` where it follows none. */
function quotesOf({ market }: Feed, asset: string) {
  const views = market.sources(asset)?.map(({ source, quote, weight, dropped }) => ({
    source,
    price: quote?.price ?? null,
    quotedAt: quote === undefined ? null : formatTime(quote.at),
    weight,
    state: dropped ?? "used",
  }));
  return views ?? null;
}

function showState(app: HttpHost, { core, store }: SystemDeps): void {
  const { feed, clock, fanOut, archive } = core;
  const schema = { tags };
  app.get("/admin/state", { schema }, async () => ({
    timestamp: formatTime(clock.now()),
    feedTime: formatTime(feed.time),
    subscribers: fanOut.size,
    archiveWaiting: archive.waiting,
    symbols: feed.symbols.map(({ symbol }) => ({
      symbol,
      state: feed.state(symbol, clock.now()),
      sequence: feed.sequence(symbol),
      spread: feed.spread(symbol),
      source: feed.latest(symbol)?.source ?? null,
    })),
  }));
  app.get("/debug/price-buffers", { schema }, async () => ({
    buffers: feed.symbols.map(({ symbol }) => {
      const log = feed.log(symbol);
      return {
        symbol,
        ticks: log.length,
        oldestSequence: log.oldestSequence,
        newestSequence: log.newest?.sequence ?? 0,
        subscribers: fanOut.bySymbol.get(symbol) ?? 0,
      };
    }),
    archiveWaiting: archive.waiting,
  }));
  app.get("/debug/data-sources/status", { schema }, async () => ({
    feed: { source: "model", time: formatTime(feed.time), boundHits: feed.boundHits },
    symbols: feed.symbols.map(({ symbol, base, quote }) => ({
      symbol,
      source: feed.latest(symbol)?.source ?? null,
      confidence: feed.latest(symbol)?.confidence ?? null,
      state: feed.state(symbol, clock.now()),
      quotes: quote === UNIT_OF_ACCOUNT ? quotesOf(feed, base) : null,
    })),
    storage: {
      kind: store.kind,
      backends: store.adapter.state.map(({ since, ...rest }) => ({
        ...rest,
        since: formatTime(since),
      })),
    },
  }));
}
