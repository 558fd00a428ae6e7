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
    storage: {
      kind: store.kind,
      backends: store.adapter.state.map(({ since, ...rest }) => ({
        ...rest,
        since: formatTime(since),
      })),
    },
  }));
}
