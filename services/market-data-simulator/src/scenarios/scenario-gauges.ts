import type { BoardState, ScenarioBoard } from "@tse/market-model";
import type { MetricsPort } from "@tse/service-kit";
import type { Feed } from "../feed/feed.ts";
import { dependsOn, type SymbolTerms } from "../feed/symbol-terms.ts";

type Scenario = BoardState["runs"][number]["start"]["scenario"];
type Labels = Readonly<Record<string, string>>;

export const SCENARIO_HELP = {
  market_data_scenario_active: "Scenarios of a type that run now and act on a symbol.",
  market_data_price_manipulation_active:
    "Scenarios that act on a symbol's price now, by what they act through.",
  market_data_artificial_volatility:
    "What scenarios multiply a symbol's volatility by; 0 while they leave it alone.",
} as const;

/** What leaves prices as they are. */
const BESIDE_PRICES: readonly string[] = ["volume", "depth"];

/** What scenarios do to the market now, as gauges. A series that was shown once goes on, at 0. */
export class ScenarioGauges {
  readonly #feed: Feed;
  readonly #metrics: MetricsPort;
  readonly #active: Counts;
  readonly #manipulation: Counts;

  /** @param metrics that only operators see */
  constructor(feed: Feed, metrics: MetricsPort) {
    this.#feed = feed;
    this.#metrics = metrics;
    this.#active = new Counts("market_data_scenario_active", metrics);
    this.#manipulation = new Counts("market_data_price_manipulation_active", metrics);
  }

  /** Brings them up to date. */
  refresh(): void {
    const { symbols, scenarios } = this.#feed;
    for (const terms of symbols) {
      const { symbol } = terms;
      for (const { kind, assets } of scenarios.started()) {
        const names = assets.map(({ asset }) => asset);
        // Of intensity 0: it acts on none and is about all.
        const isConcerned = names.length === 0 || dependsOn(terms, names);
        if (isConcerned) this.#active.add({ scenario_type: kind, symbol });
      }
      for (const { start } of scenarios.running()) {
        for (const manipulation of manipulationsOf(start.scenario, terms)) {
          this.#manipulation.add({ symbol, manipulation_type: manipulation });
        }
      }
      const volatility = artificialVolatility(scenarios, terms);
      this.#metrics.setGauge("market_data_artificial_volatility", volatility, { symbol });
    }
    this.#active.show();
    this.#manipulation.show();
  }
}

/** How often each set of labels was counted since it was shown last. */
class Counts {
  readonly #name: string;
  readonly #metrics: MetricsPort;
  readonly #counts = new Map<string, { readonly labels: Labels; count: number }>();

  constructor(name: string, metrics: MetricsPort) {
    this.#name = name;
    this.#metrics = metrics;
  }

  add(labels: Labels): void {
    const key = Object.values(labels).join(" ");
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { labels, count: 1 });
    else known.count += 1;
  }

  show(): void {
    for (const each of this.#counts.values()) {
      this.#metrics.setGauge(this.#name, each.count, each.labels);
      each.count = 0;
    }
  }
}

/** What a scenario acts on a symbol's price through: each once. */
function manipulationsOf(scenario: Scenario, terms: SymbolTerms): ReadonlySet<string> {
  const { prices, pulls, multipliers, loadings } = scenario;
  const found = new Set<string>();
  const add = (type: string, asset: string) => {
    if (!BESIDE_PRICES.includes(type) && dependsOn(terms, [asset])) found.add(type);
  };
  for (const { asset } of prices) add("price", asset);
  for (const { asset } of pulls) add("pull", asset);
  for (const { of, asset } of multipliers) add(of, asset);
  for (const { asset } of loadings) add("loading", asset);
  return found;
}

/** Of a pair, that of the leg that is farther from its usual. */
function artificialVolatility(scenarios: ScenarioBoard, { base, quote }: SymbolTerms): number {
  const [one, other] = [scenarios.volatility(base), scenarios.volatility(quote)];
  const farther = Math.abs(Math.log(one)) >= Math.abs(Math.log(other)) ? one : other;
  return farther === 1 ? 0 : farther;
}
