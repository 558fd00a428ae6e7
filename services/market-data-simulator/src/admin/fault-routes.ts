import { type Duration, duration } from "@tse/domain";
import { formatTime, type HttpHost, Problem, validationFailed } from "@tse/service-kit";
import { count, fieldErrors } from "@tse/service-kit/schema";
import { z } from "zod";
import { symbolNamed } from "../api/price-routes.ts";
import { CLIENT_KINDS } from "../fan-out/subscriber.ts";
import { EFFECT_NAMES, EFFECTS, type Effect, type EffectName } from "../faults/effects.ts";
import type { Fault, FaultEntry } from "../faults/fault.ts";
import { FAULTS_MAX, type Faults } from "../faults/faults.ts";
import type { Feed } from "../feed/feed.ts";

export interface FaultDeps {
  readonly feed: Feed;
  readonly faults: Faults;
}

const tags = ["Faults"];

const SECONDS_MAX = 48 * 3_600;

const wish = z.strictObject({
  effect: z.enum(EFFECT_NAMES),
  parameters: z.record(z.string(), z.unknown()).default({}),
  symbols: z.array(z.string()).min(1).optional(),
  client_types: z.array(z.enum(CLIENT_KINDS)).min(1).optional(),
  subscribers: z.array(z.int()).min(1).optional(),
  duration_seconds: z.number().gt(0).max(SECONDS_MAX).optional(),
  seed: z.string().min(1).max(64).optional(),
});

const idPath = z.strictObject({ id: z.string().min(1).max(64) });
const recordQuery = z.strictObject({ limit: count("Newest entries.", 1, 10_000, 100) });

/** Faults between the feed and its subscribers, and what they did. */
export function faultRoutes(app: HttpHost, deps: FaultDeps): void {
  const { feed, faults } = deps;
  app.post("/admin/faults", { schema: { tags, body: wish } }, async ({ body }, reply) => {
    refuseWhenDisabled(faults);
    refuseTooMany(faults);
    const { effect, parameters, symbols, client_types: clientTypes, subscribers, seed } = body;
    const fault = faults.begin({
      action: effect,
      effects: [effectOf(effect, parameters)],
      target: { symbols: namesOf(feed, symbols, "symbols"), clientTypes, subscribers },
      length: lengthOf(body.duration_seconds),
      seed,
    });
    reply.code(201);
    return renderFault(fault);
  });
  app.get("/admin/faults", { schema: { tags } }, async () => ({
    enabled: faults.enabled,
    active: faults.active.map(renderFault),
  }));
  app.get(
    "/admin/faults/record",
    { schema: { tags, querystring: recordQuery } },
    async ({ query }) => ({
      record: faults.newest(query.limit).map(renderEntry),
    }),
  );
  app.delete("/admin/faults/:id", { schema: { tags, params: idPath } }, async ({ params }) => {
    refuseWhenDisabled(faults);
    const ended = faults.end(params.id);
    if (ended === undefined) throw unknownFault();
    return renderFault(ended);
  });
}

/** Symbols by the names that the feed has for them. @throws Problem `symbol_not_found` */
export function namesOf(
  feed: Feed,
  symbols: readonly string[] | undefined,
  field: string,
): readonly string[] | undefined {
  return symbols?.map((text, index) => symbolNamed(feed, text, `${field}.${index}`).symbol);
}

export function lengthOf(seconds: number | undefined): Duration | undefined {
  return seconds === undefined ? undefined : duration(Math.round(seconds * 1_000_000));
}

/** @throws Problem `validation_failed` */
function effectOf(name: EffectName, parameters: Readonly<Record<string, unknown>>): Effect {
  const parsed = EFFECTS[name].safeParse(parameters, { reportInput: true });
  if (!parsed.success) throw validationFailed(fieldErrors(parsed.error.issues, "parameters"));
  return { name, ...parsed.data } as Effect;
}

export function renderFault(fault: Fault) {
  const { id, action, effects, target, seed, startedAt, endsAt, applied } = fault;
  return {
    fault_id: id,
    action,
    effects,
    target: {
      symbols: target.symbols ?? null,
      client_types: target.clientTypes ?? null,
      subscribers: target.subscribers ?? null,
    },
    seed,
    starts_at: formatTime(startedAt),
    ends_at: formatTime(endsAt),
    applied,
  };
}

function renderEntry({ at, faultId, effect, subscriber, clientType, event }: FaultEntry) {
  return {
    at: formatTime(at),
    fault_id: faultId,
    effect,
    subscriber,
    client_type: clientType,
    symbol: event?.topic.symbol ?? null,
    channel: event?.topic.channel ?? null,
    sequence: event?.sequence ?? null,
  };
}

/** @throws Problem `chaos_disabled` */
export function refuseWhenDisabled({ enabled }: Faults): void {
  if (enabled) return;
  throw new Problem({
    status: 403,
    code: "chaos_disabled",
    title: "This world takes no chaos",
    detail: "It was started with CHAOS_ENABLED=false",
  });
}

/** @throws Problem `too_many_faults` */
export function refuseTooMany({ active }: Faults): void {
  if (active.length < FAULTS_MAX) return;
  throw new Problem({
    status: 429,
    code: "too_many_faults",
    title: "There is no room for another fault",
    detail: `At most ${FAULTS_MAX} faults are in force at a time`,
  });
}

export function unknownFault(): Problem {
  return new Problem({ status: 404, code: "not_found", title: "Nothing in force has this id" });
}
