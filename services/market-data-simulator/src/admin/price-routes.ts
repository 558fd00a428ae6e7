import { parseDecimal, type Timestamp } from "@tse/domain";
import { type HttpHost, validationFailed } from "@tse/service-kit";
import { z } from "zod";
import { stored } from "../api/history-routes.ts";
import { symbolNamed } from "../api/price-routes.ts";
import { symbolPath } from "../api/wire.ts";
import type { AuditTrail } from "../archive/audit-trail.ts";
import type { Feed } from "../feed/feed.ts";
import type { FeedDriver } from "../feed/feed-driver.ts";
import { type SymbolTerms, UNIT_OF_ACCOUNT } from "../feed/symbol-terms.ts";
import { modeOf } from "../modes/mode-terms.ts";
import { boundsOfSymbol } from "../modes/model-maker.ts";
import { namedMode, type PlannedMode, type PlanParts, planMode } from "../modes/plan-mode.ts";
import { modeText } from "../modes/price-mode.ts";
import { renderTick } from "../render/market.ts";
import { modeNamed, termsOf } from "./mode-problems.ts";
import { newReplayId } from "./replay-routes.ts";

export interface PriceAdminDeps extends PlanParts {
  readonly feed: Feed;
  readonly driver: FeedDriver;
  readonly now: () => Timestamp;
  readonly audit: AuditTrail;
  /** Measures anew how the feed is. */
  readonly refreshHealth: () => Promise<void>;
}

const tags = ["Prices"];

const priceBody = z.strictObject({ price: z.string().max(40) });

const symbolBody = z.strictObject({
  /** Whether the symbol is published. */
  active: z.boolean().optional(),
  spread: z
    .strictObject({
      kind: z.enum(["fixed", "dynamic"]),
      bps: z.number().gt(0).max(1_000),
    })
    .optional(),
  /** How its price is made from now on. */
  mode: z.string().min(1).max(120).optional(),
});

/** What operators do to one symbol of the feed. All of it survives a restart. */
export function priceAdminRoutes(app: HttpHost, deps: PriceAdminDeps): void {
  const { feed, driver, now, refreshHealth } = deps;
  const published = { tags, params: symbolPath, body: priceBody };
  app.post("/admin/prices/:symbol", { schema: published }, async ({ params, body, id }, reply) => {
    const terms = symbolNamed(feed, params.symbol);
    const price = ticksOf(body.price, terms);
    const tick = driver.intervene({ kind: "price", symbol: terms.symbol, price });
    const details = { price: body.price, sequence: tick?.sequence ?? 0 };
    record(deps, { action: "feed.price", symbol: terms.symbol, details, correlationId: id });
    reply.code(201);
    return { symbol: terms.symbol, ...(tick && renderTick(tick)) };
  });

  const changed = { tags, params: symbolPath, body: symbolBody };
  app.put("/admin/symbols/:symbol", { schema: changed }, async ({ params, body, id }) => {
    const terms = symbolNamed(feed, params.symbol);
    const { symbol } = terms;
    await change(deps, terms, body);
    await refreshHealth();
    record(deps, { action: "feed.changed", symbol, details: body, correlationId: id });
    const state = feed.state(symbol, now());
    const [active, spread] = [state !== "halted", feed.spread(symbol)];
    return { symbol, active, state, spread, mode: modeNow(feed, terms) };
  });
}

/** @throws Problem that names the field; nothing has changed then */
async function change(
  deps: PriceAdminDeps,
  terms: SymbolTerms,
  { active, spread, mode }: z.infer<typeof symbolBody>,
): Promise<void> {
  const { feed, driver, now } = deps;
  const { symbol } = terms;
  if (active === true) refuseHaltedLeg(feed, terms);
  const planned = mode === undefined ? undefined : await plannedMode(deps, terms, mode);
  if (spread?.kind === "dynamic") refuseFixed(feed, terms, planned);
  if (planned !== undefined) {
    const named = namedMode(planned, (dataset) => newReplayId(feed, dataset));
    driver.intervene({ kind: "mode", symbol, terms: named });
  }
  if (spread !== undefined) driver.intervene({ kind: "spread", symbol, spread });
  if (active === true && feed.state(symbol, now()) === "halted") {
    driver.intervene({ kind: "resume", symbol });
  }
  // What sources halted is not yet what an operator did.
  if (active === false && feed.symbolNamed(symbol)?.isHalted === false) {
    driver.intervene({ kind: "halt", symbol });
  }
}

/** @throws Problem that names the field; nothing has changed then */
async function plannedMode(
  deps: PriceAdminDeps,
  symbol: SymbolTerms,
  text: string,
): Promise<PlannedMode> {
  const mode = modeNamed(text, symbol, "mode");
  const planned = await stored(() => planMode(deps, symbol, mode, { align: "rebase" }));
  return termsOf(planned, { dataset: "mode", start: "mode" });
}

/** `null` for a pair: it follows its legs. */
function modeNow({ market }: Feed, { base, quote }: SymbolTerms): string | null {
  return quote === UNIT_OF_ACCOUNT ? modeText(modeOf(market.terms(base))) : null;
}

/** A pair whose leg is halted by sources goes on with it. @throws Problem `validation_failed` */
function refuseHaltedLeg({ market }: Feed, { symbol, base, quote }: SymbolTerms): void {
  if (quote === UNIT_OF_ACCOUNT) return;
  const halted = [base, quote].find((asset) => market.state(asset) === "halted");
  if (halted === undefined) return;
  const message = `${symbol} follows its legs: resume ${halted}/${UNIT_OF_ACCOUNT}`;
  throw validationFailed([{ field: "active", rule: "leg", message }]);
}

/** @throws Problem `validation_failed` for a dynamic spread in the mode that has a fixed one */
function refuseFixed(
  { market }: Feed,
  { base }: SymbolTerms,
  planned: PlannedMode | undefined,
): void {
  if ((planned ?? market.terms(base)).mode !== "fixed-spread") return;
  const message = `is fixed while ${base}/${UNIT_OF_ACCOUNT} is in the mode fixed-spread`;
  throw validationFailed([{ field: "spread.kind", rule: "mode", message }]);
}

interface Change {
  readonly action: string;
  readonly symbol: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly correlationId: string;
}

function record(
  { audit }: PriceAdminDeps,
  { action, symbol, details, correlationId }: Change,
): void {
  const entity = { entityType: "symbol", entityId: symbol };
  audit.record({ action, ...entity, details, actor: "admin", correlationId });
}

/** @throws Problem `validation_failed` unless it is a whole number of ticks within the symbol's bounds */
function ticksOf(text: string, terms: SymbolTerms): number {
  const { tickSize } = terms;
  const minor = parseDecimal(text, 8);
  if (minor === undefined || minor <= 0n || minor % tickSize.minor !== 0n) {
    const step = (Number(tickSize.minor) / 1e8).toFixed(tickSize.digits);
    throw wrong("price_tick", `must be a decimal above zero, a multiple of ${step}`);
  }
  const value = Number(minor) / 1e8;
  const { lowest, highest } = boundsOfSymbol(terms);
  if (value < lowest || value > highest) {
    throw wrong("range", `must be from ${lowest} to ${highest}`);
  }
  return Number(minor / tickSize.minor);
}

function wrong(rule: string, message: string) {
  return validationFailed([{ field: "price", rule, message }]);
}
