import { CANDLE_INTERVALS } from "@tse/market-data-adapter";
import type { HttpHost } from "@tse/service-kit";
import { z } from "zod";
import { candleInterval } from "../api/wire.ts";
import type { Core } from "../core.ts";
import { correlationsOf, windowUntil } from "../history/correlations.ts";

const query = z.strictObject({ interval: candleInterval.default("5m") });

/** The correlations of all symbols over the last day, as the feed made them. */
export function correlationRoutes(
  app: HttpHost,
  { feed, clock }: Pick<Core, "feed" | "clock">,
): void {
  app.get(
    "/debug/correlation-matrix",
    { schema: { tags: ["System"], querystring: query } },
    async ({ query: { interval } }) => {
      const symbols = feed.symbols.map(({ symbol }) => symbol);
      const window = windowUntil(clock.now(), CANDLE_INTERVALS["1d"]);
      const { points, matrix } = correlationsOf(feed, symbols, interval, window);
      return { symbols, interval, points, matrix: matrix.map((row) => row.map((x) => x ?? null)) };
    },
  );
}
