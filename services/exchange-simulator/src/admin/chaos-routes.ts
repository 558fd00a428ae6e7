import { formatTime, type HttpHost, Problem, validationFailed } from "@tse/service-kit";
import { count, fieldErrors } from "@tse/service-kit/schema";
import { z } from "zod";
import type { Chaos, ChaosOutcome } from "../chaos/chaos.ts";
import type { ChaosEntry } from "../chaos/chaos-record.ts";
import type { ChaosRule } from "../chaos/rule.ts";
import type { Parameters } from "../chaos/settings.ts";

export interface ChaosDeps {
  readonly chaos: Chaos;
}

const tags = ["Chaos"];
const parameters = z.record(z.string(), z.unknown()).default({});
const action = z.string().min(1).max(64);
const namedAction = z.strictObject({ action, parameters });
const actionPath = z.strictObject({ action });
const rulePath = z.strictObject({ chaosId: z.string().min(1).max(64) });
const statusQuery = z.strictObject({
  limit: count("Newest entries of the record.", 1, 10_000, 100),
});

/** Faults on purpose. Names are in snake case here, as in scenarios. */
export function chaosRoutes(app: HttpHost, { chaos }: ChaosDeps): void {
  app.post(
    "/chaos/actions",
    { schema: { tags, body: namedAction } },
    async ({ body, id }, reply) => {
      reply.code(201);
      return renderOutcome(chaos.act(body.action, body.parameters, id), "action");
    },
  );
  app.post(
    "/chaos/:action",
    { schema: { tags, params: actionPath, body: parameters } },
    async ({ params, body, id }, reply) => {
      reply.code(201);
      return renderOutcome(chaos.act(params.action, body as Parameters, id), "path");
    },
  );
  app.get("/chaos/status", { schema: { tags, querystring: statusQuery } }, async ({ query }) => ({
    enabled: chaos.enabled,
    active: chaos.active.map(renderRule),
    record: chaos.record.newest(query.limit).map(renderEntry),
  }));
  app.delete("/chaos/clear-all", { schema: { tags } }, async ({ id }) => {
    refuseWhenDisabled(chaos);
    return { ended: chaos.clearAll(id).map(renderRule) };
  });
  app.delete("/chaos/:chaosId", { schema: { tags, params: rulePath } }, async ({ params, id }) => {
    refuseWhenDisabled(chaos);
    const ended = chaos.clear(params.chaosId, id);
    if (ended === undefined) throw unknownRule();
    return renderRule(ended);
  });
}

/** @param where where the action was named: in the body, or in the path */
function renderOutcome(outcome: ChaosOutcome, where: "action" | "path") {
  switch (outcome.status) {
    case "done": {
      const { rule, ended } = outcome;
      return {
        chaos_id: rule.id,
        started_at: formatTime(rule.startedAt),
        expires_at: formatTime(rule.expiresAt),
        seed: rule.seed,
        ...(ended.length === 0 ? {} : { ended: ended.map(({ id }) => id) }),
      };
    }
    case "invalid":
      throw validationFailed(fieldErrors(outcome.issues, "parameters"));
    case "disabled":
      throw disabled();
    case "unknown_rule":
      throw unknownRule();
    case "unknown_action":
      if (where === "path") throw unknownAction();
      throw validationFailed([{ field: "action", rule: "one_of", message: "names no action" }]);
  }
}

function renderRule(rule: ChaosRule) {
  return {
    chaos_id: rule.id,
    action: rule.action,
    parameters: rule.parameters,
    started_at: formatTime(rule.startedAt),
    expires_at: formatTime(rule.expiresAt),
    seed: rule.seed,
    applied: rule.applied,
  };
}

function renderEntry(entry: ChaosEntry) {
  const { kind, at, rule } = entry;
  return {
    kind,
    at: formatTime(at),
    correlation_id: entry.correlationId,
    ...(kind === "applied" ? { target: entry.target } : {}),
    ...(kind === "ended" ? { cause: entry.cause } : {}),
    rule: renderRule(rule),
  };
}

function refuseWhenDisabled(chaos: Chaos): void {
  if (!chaos.enabled) throw disabled();
}

function disabled(): Problem {
  return new Problem({
    status: 403,
    code: "chaos_disabled",
    title: "This world takes no chaos",
    detail: "It was started with CHAOS_ENABLED=false",
  });
}

function unknownAction(): Problem {
  return new Problem({ status: 404, code: "not_found", title: "There is no such chaos action" });
}

function unknownRule(): Problem {
  return new Problem({
    status: 404,
    code: "not_found",
    title: "No chaos rule in force has this id",
  });
}
