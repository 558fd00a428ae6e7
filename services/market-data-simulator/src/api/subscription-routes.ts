import { formatTime, type HttpHost } from "@tse/service-kit";
import { text } from "@tse/service-kit/schema";
import { z } from "zod";
import type { Feed } from "../feed/feed.ts";
import type { PlannedSubscription, Subscriptions } from "../streams/subscriptions.ts";
import { symbolNamed } from "./price-routes.ts";
import { subscriptionNotFound, upgradeRequired } from "./problems.ts";
import { bufferSize, createdReply, pace, refusals, subscriptionReply, symbol } from "./wire.ts";

export interface SubscriptionDeps {
  readonly feed: Feed;
  readonly subscriptions: Subscriptions;
}

const tags = ["Streams"];

const plan = z.strictObject({
  clientId: text("The client's own name.", 1, 64, ["risk-monitor"]),
  symbols: z.array(symbol).min(1).max(500),
  interval: pace.optional(),
  bufferSize: bufferSize.optional(),
});

const idPath = z.strictObject({ id: text("As it was given.", 1, 64, []) });

/** Subscriptions that are announced first, and followed over a WebSocket. */
export function subscriptionRoutes(app: HttpHost, deps: SubscriptionDeps): void {
  const { feed, subscriptions } = deps;
  const summary = "Announces a subscription; its stream is at `wsUrl`";
  const created = { tags, summary, body: plan, response: { 201: createdReply, ...refusals(404) } };
  app.post("/subscribe", { schema: created }, async ({ body, host }, reply) => {
    const { clientId, interval, bufferSize: size } = body;
    const symbols = body.symbols.map(
      (each, index) => symbolNamed(feed, each, `symbols.${index}`).symbol,
    );
    const names = [...new Set(symbols)];
    const { id } = subscriptions.add({ clientId, symbols: names, interval, bufferSize: size });
    reply.code(201);
    return { subscriptionId: id, wsUrl: `ws://${host}/api/v1/ws?subscription=${id}` };
  });

  const response = { 200: subscriptionReply, ...refusals(404) };
  const shown = { tags, summary: "One subscription", params: idPath, response };
  app.get("/subscriptions/:id", { schema: shown }, async ({ params }) =>
    render(subscriptions.find(params.id)),
  );
  const ended = { ...shown, summary: "Ends a subscription and its stream" };
  app.delete("/subscriptions/:id", { schema: ended }, async ({ params }) =>
    render(subscriptions.cancel(params.id)),
  );
  app.get("/ws", { schema: { hide: true, querystring: z.looseObject({}) } }, () => {
    throw upgradeRequired();
  });
}

function render(subscription: PlannedSubscription | undefined) {
  if (subscription === undefined) throw subscriptionNotFound();
  const { id, state, symbols, lastUpdate } = subscription;
  return {
    id,
    state,
    symbolCount: symbols.length,
    lastUpdate: lastUpdate === undefined ? null : formatTime(lastUpdate),
  };
}
