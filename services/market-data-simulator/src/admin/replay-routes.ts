import type { Timestamp } from "@tse/domain";
import { formatTime, type HttpHost, Problem, validationFailed } from "@tse/service-kit";
import { instant } from "@tse/service-kit/schema";
import { z } from "zod";
import { stored } from "../api/history-routes.ts";
import { symbolNamed } from "../api/price-routes.ts";
import type { AuditTrail } from "../archive/audit-trail.ts";
import type { Feed } from "../feed/feed.ts";
import type { FeedDriver } from "../feed/feed-driver.ts";
import { symbolOf } from "../modes/model-maker.ts";
import { namedMode, type PlanParts, planMode } from "../modes/plan-mode.ts";
import type { ReplayAction, ReplayView } from "../modes/track.ts";
import { refusePair, termsOf } from "./mode-problems.ts";

export interface ReplayDeps extends PlanParts {
  readonly feed: Feed;
  readonly driver: FeedDriver;
  readonly audit: AuditTrail;
}

const tags = ["Replay"];

const wish = z.strictObject({
  dataset: z.string().regex(/^[\w.-]{1,100}$/, "is the name of a data set"),
  symbol: z.string().min(1).max(32),
  /** Time of the data set that passes in one of the world. */
  speed: z.number().min(0.1).max(1_000).default(1),
  start: instant("In the data set's own time; its first point when absent.").optional(),
  loop: z.boolean().default(false),
  align: z.enum(["absolute", "rebase"]).default("rebase"),
});

const idPath = z.strictObject({ id: z.string().min(1).max(200) });
const goal = z.strictObject({ to: instant("In the data set's own time.") });

/** Replays of imported data sets: each the price of one symbol until it is over. All of it survives a restart. */
export function replayRoutes(app: HttpHost, deps: ReplayDeps): void {
  const { feed, driver } = deps;
  app.get("/admin/replay", { schema: { tags } }, async () => ({
    replays: feed.market.replays.map(renderReplay),
  }));
  app.post("/admin/replay", { schema: { tags, body: wish } }, async ({ body, id }, reply) => {
    const symbol = symbolNamed(feed, body.symbol);
    refusePair(symbol, "symbol");
    const { dataset, speed, start: from, loop, align } = body;
    const replay = { speed, from, loop, align };
    const mode = { mode: "replay", dataset } as const;
    const planned = await stored(() => planMode(deps, symbol, mode, replay));
    const unnamed = termsOf(planned, { dataset: "dataset", start: "start" });
    const replayId = newReplayId(feed, dataset);
    const terms = namedMode(unnamed, () => replayId);
    driver.intervene({ kind: "mode", symbol: symbol.symbol, terms });
    record(deps, "replay.started", symbol.symbol, { id: replayId, ...body }, id);
    return reply.code(201).send(renderReplay(replayNamed(feed, replayId)));
  });
  app.get("/admin/replay/:id", { schema: { tags, params: idPath } }, async ({ params }) =>
    renderReplay(replayNamed(feed, params.id)),
  );
  for (const action of ["pause", "resume", "stop"] as const) {
    const schema = { tags, params: idPath };
    app.post(`/admin/replay/:id/${action}`, { schema }, async ({ params, id }) =>
      directed(deps, params.id, { action }, id),
    );
  }
  const sought = { tags, params: idPath, body: goal };
  app.post("/admin/replay/:id/seek", { schema: sought }, async ({ params, body, id }) => {
    refuseOutside(deps, params.id, body.to);
    return directed(deps, params.id, { action: "seek", to: body.to }, id);
  });
}

/** @throws Problem `replay_not_found`, `replay_over` */
function directed(deps: ReplayDeps, id: string, action: ReplayAction, correlationId: string) {
  const { feed, driver } = deps;
  driver.catchUp();
  const { asset } = running(feed, id);
  driver.intervene({ kind: "replay", id, ...action });
  const details = "to" in action ? { id, to: formatTime(action.to) } : { id };
  record(deps, `replay.${action.action}`, symbolOf(asset).symbol, details, correlationId);
  return renderReplay(replayNamed(feed, id));
}

/** @throws Problem `outside_dataset` */
function refuseOutside({ feed, datasets }: ReplayDeps, id: string, to: Timestamp): void {
  const { time } = datasets.take(running(feed, id).terms.dataset).series;
  const [first, last] = [time[0], time.at(-1)] as [Timestamp, Timestamp];
  if (to >= first && to <= last) return;
  const message = `is from ${formatTime(first)} to ${formatTime(last)}`;
  throw validationFailed([{ field: "to", rule: "outside_dataset", message }]);
}

function replayNamed(feed: Feed, id: string): ReplayView {
  const found = feed.market.replays.findLast((replay) => replay.id === id);
  if (found !== undefined) return found;
  throw new Problem({ status: 404, code: "replay_not_found", title: "There is no such replay" });
}

function running(feed: Feed, id: string): ReplayView {
  const replay = replayNamed(feed, id);
  if (replay.endedAt === undefined) return replay;
  throw new Problem({ status: 409, code: "replay_over", title: "The replay is over" });
}

/** Unique in this world. */
export function newReplayId(feed: Feed, dataset: string): string {
  const taken = new Set(feed.market.replays.map(({ id }) => id));
  const stem = `${dataset}-${feed.time.toString(36)}`;
  let id = stem;
  for (let n = 2; taken.has(id); n++) id = `${stem}-${n}`;
  return id;
}

function renderReplay({ id, asset, terms, state, position, startedAt, endedAt }: ReplayView) {
  const { dataset, speed, loop, align } = terms;
  return {
    replay_id: id,
    dataset: dataset.name,
    checksum: dataset.checksum,
    symbol: symbolOf(asset).symbol,
    state,
    position: formatTime(position),
    speed,
    loop,
    align,
    starts_at: formatTime(startedAt),
    ended_at: endedAt === undefined ? null : formatTime(endedAt),
  };
}

function record(
  { audit }: ReplayDeps,
  action: string,
  symbol: string,
  details: Readonly<Record<string, unknown>>,
  correlationId: string,
): void {
  const entity = { entityType: "symbol", entityId: symbol };
  audit.record({ action, ...entity, details, actor: "admin", correlationId });
}
