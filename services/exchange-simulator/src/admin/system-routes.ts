import type { Command } from "@tse/domain";
import {
  formatTime,
  type Health,
  type HttpHost,
  LOG_LEVELS,
  type MetricsPort,
  type RootLogger,
  serveMergedMetrics,
} from "@tse/service-kit";
import { z } from "zod";
import { FAULTS } from "../chaos/actions.ts";
import type { Chaos } from "../chaos/chaos.ts";
import type { Exchange } from "../exchange.ts";
import { errorCatalogue } from "../gateways/native/problems.ts";

/** One broken rule of the venue, and where. */
export interface Violation {
  readonly invariant: string;
  readonly detail: string;
}

/** What an audit found, and when. */
export interface Finding {
  /** At least one. */
  readonly violations: readonly Violation[];
  readonly sequence: number;
  /** Kind of the command with that sequence; `undefined` before the first. */
  readonly lastCommand: Command["kind"] | undefined;
}

export interface SystemDeps {
  readonly exchange: Exchange;
  readonly chaos: Pick<Chaos, "active">;
  readonly health: Pick<Health, "liveness" | "phase">;
  /** Only the root can change what is written. */
  readonly rootLogger: Pick<RootLogger, "level">;
  readonly metrics: MetricsPort;
  /** Brings gauges up to date before a scrape. */
  readonly refreshMetrics: () => void;
  /** For series that the production listener must not show. */
  readonly hiddenMetrics: MetricsPort;
  /** Checks every invariant of the venue as it is now. */
  readonly audit: () => readonly Violation[];
  /** Told of what the audit found once the answer is sent. */
  readonly onViolation: (finding: Finding) => void;
  /** A hash of all of the venue's state: equal states have equal hashes. */
  readonly stateHash: () => string;
}

/** Codes of this listener only. */
const OWN_ERRORS = [
  { code: "chaos_disabled", status: 403, title: "This world takes no chaos" },
  { code: "clock_not_frozen", status: 409, title: "Only a frozen clock can be advanced" },
];

const tags = ["System"];
const logLevel = z.strictObject({ level: z.enum(LOG_LEVELS) });

/** Who the service is, what state it is in, whether its books balance. */
export function systemRoutes(app: HttpHost, deps: SystemDeps): void {
  const { exchange, health, rootLogger } = deps;
  const { venue, clock } = exchange;
  const schema = { tags };

  app.get("/admin/info", { schema }, async () => ({
    ...health.liveness(),
    phase: health.phase,
    uptimeSeconds: Math.floor(process.uptime()),
    node: process.version,
    pid: process.pid,
  }));
  app.get("/admin/state", { schema }, async () => {
    const state = {
      sequence: venue.sequence,
      stateHash: deps.stateHash(),
      timestamp: formatTime(clock.now()),
      accounts: venue.accounts().length,
      instruments: venue.instruments().length,
    };
    await exchange.durable();
    return state;
  });
  showInvariants(app, deps);
  app.put("/admin/log-level", { schema: { tags, body: logLevel } }, async ({ body }) => {
    rootLogger.level = body.level;
    return { level: rootLogger.level };
  });
  const errors = [...errorCatalogue(), ...OWN_ERRORS];
  app.get("/admin/errors", { schema }, async () => ({ errors }));
  serveMetrics(app, deps);
}

function showInvariants(app: HttpHost, { exchange, audit, onViolation }: SystemDeps): void {
  const { venue, clock } = exchange;
  let shown: Command["kind"] | undefined;
  exchange.subscribe(({ command }) => {
    shown = command.kind;
  });
  app.get("/admin/invariants", { schema: { tags } }, async (_request, reply) => {
    const violations = audit();
    const { sequence } = venue;
    const timestamp = formatTime(clock.now());
    let lastCommand = shown;
    // What was audited may be ahead of what is shown.
    const stop = exchange.subscribe((unit) => {
      if (unit.sequence <= sequence) lastCommand = unit.command.kind;
    });
    await exchange.durable().finally(stop);
    if (violations.length > 0) {
      reply.raw.once("close", () => onViolation({ violations, sequence, lastCommand }));
    }
    return { holds: violations.length === 0, sequence, timestamp, violations };
  });
}

/** All series: the service's own, and those that clients must not see. */
function serveMetrics(app: HttpHost, deps: SystemDeps): void {
  const { chaos, metrics, hiddenMetrics, refreshMetrics } = deps;
  serveMergedMetrics(app, [metrics, hiddenMetrics], () => {
    refreshMetrics();
    for (const action of Object.keys(FAULTS)) {
      const active = chaos.active.filter((rule) => rule.action === action).length;
      hiddenMetrics.setGauge("exchange_chaos_active", active, { type: action });
    }
  });
}
