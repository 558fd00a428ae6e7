import type { Random } from "@tse/domain";
import type {
  Aftershock,
  Constant,
  Effect,
  FeedEffect,
  LoadingEffect,
  MultiplierEffect,
  PriceEffect,
  PullEffect,
  Ramp,
  ScenarioDefinition,
} from "./definition.ts";
import type { DrawnFault, DrawnLoading, DrawnMultiplier, DrawnScenario } from "./drawn-scenario.ts";
import type { DrawnCourse } from "./multiplier-course.ts";
import type { DrawnPath, DrawnRecovery } from "./price-path.ts";
import { SpanDraw } from "./span.ts";

export interface DrawOptions {
  readonly random: Random;
  /** From 0. Log returns and pulls are multiplied by it, multipliers raised to its power. */
  readonly intensity: number;
  /** From 0: price paths only. */
  readonly scale: number;
  /** Above 0: stretches every time. */
  readonly timeFactor: number;
  readonly pinned: boolean;
  /** Assets that an effect settles on, in the world's order. */
  readonly assetsOf: (effect: Effect) => readonly string[];
  /** Log price of an asset now; asked only for what moves to a price. */
  readonly logPrice: (asset: string) => number;
}

/**
 * Draws the values of a valid definition and scales them. Intensity 0 leaves nothing: no effect at all. Equal
 * options and an equal stream give an equal scenario.
 */
export function drawScenario(definition: ScenarioDefinition, options: DrawOptions): DrawnScenario {
  const { intensity, timeFactor, random } = options;
  const draw = new ScenarioDraw(options);
  const effects = intensity > 0 ? definition.effects : [];
  return {
    name: definition.name,
    kind: definition.kind,
    title: definition.title,
    duration: new SpanDraw(random).time("duration", definition.duration, timeFactor),
    release: Math.round(definition.release * timeFactor),
    phases: definition.phases.map(({ name, at }) => ({ name, at: Math.round(at * timeFactor) })),
    ...draw.all(effects),
  };
}

/** Draws effects one by one, each from a stream of its own. */
class ScenarioDraw {
  readonly #options: DrawOptions;

  constructor(options: DrawOptions) {
    this.#options = options;
  }

  all(effects: readonly Effect[]) {
    const drawn = {
      prices: [] as DrawnScenario["prices"][number][],
      pulls: [] as DrawnScenario["pulls"][number][],
      multipliers: [] as DrawnMultiplier[],
      loadings: [] as DrawnLoading[],
      faults: [] as DrawnFault[],
    };
    for (const [index, effect] of effects.entries()) {
      const assets = this.#options.assetsOf(effect);
      if (assets.length === 0) continue;
      const draw = new SpanDraw(this.#options.random.fork(`effect ${index}`));
      if (effect.on === "price") drawn.prices.push(...this.#prices(effect, assets, draw));
      else if (effect.on === "pull") drawn.pulls.push(...this.#pulls(effect, assets, draw));
      else if (effect.on === "loading")
        drawn.loadings.push(...this.#loadings(effect, assets, draw));
      else if (effect.on === "feed") drawn.faults.push(this.#fault(effect, assets, draw));
      else drawn.multipliers.push(...this.#multipliers(effect, assets, draw));
    }
    return drawn;
  }

  #prices(effect: PriceEffect, assets: readonly string[], draw: SpanDraw) {
    const { pinned } = this.#options;
    return assets.map((asset) => ({ asset, path: this.#path(effect, asset, draw), pinned }));
  }

  #path({ path, recovery }: PriceEffect, asset: string, draw: SpanDraw): DrawnPath {
    const { intensity, scale, timeFactor, logPrice } = this.#options;
    const factor = intensity * scale;
    const after = recovery === undefined ? {} : { recovery: this.#recovery(recovery, draw) };
    if (path.path === "keyframes") {
      const times = path.points.map(([at]) => Math.round(at * timeFactor));
      const values = path.points.map(([, logReturn]) => logReturn * factor);
      return { leg: { curve: path.curve, times, values }, ...after };
    }
    const change =
      path.path === "move"
        ? draw.value("change", path.change)
        : Math.log(draw.value("price", path.price)) - logPrice(asset);
    const leg = {
      change: change * factor,
      after: draw.time("after", path.after, timeFactor),
      over: draw.time("over", path.over, timeFactor),
      shape: path.shape,
    };
    return { leg, ...after };
  }

  #recovery(recovery: NonNullable<PriceEffect["recovery"]>, draw: SpanDraw): DrawnRecovery {
    const { timeFactor } = this.#options;
    return {
      share: draw.value("recovery share", recovery.share),
      hold: draw.time("recovery hold", recovery.hold, timeFactor),
      time: draw.time("recovery time", recovery.time, timeFactor),
      shape: recovery.shape,
    };
  }

  #pulls({ level, halfLife }: PullEffect, assets: readonly string[], draw: SpanDraw) {
    const { intensity, timeFactor } = this.#options;
    const wanted = (draw.value("half-life", halfLife) * timeFactor) / intensity;
    // JSON has no infinity, which a next to nothing of intensity would come to.
    const drawn = Math.min(wanted, Number.MAX_SAFE_INTEGER);
    const to = level === undefined ? {} : { level: Math.log(level) };
    return assets.map((asset) => ({ asset, halfLife: drawn, ...to }));
  }

  #multipliers(
    { on, course }: MultiplierEffect,
    assets: readonly string[],
    draw: SpanDraw,
  ): DrawnMultiplier[] {
    const drawn = this.#course(course, draw);
    return assets.map((asset) => ({ of: on, asset, course: drawn }));
  }

  #course(course: Constant | Ramp | Aftershock, draw: SpanDraw): DrawnCourse {
    const { intensity, timeFactor } = this.#options;
    const time = (name: string, span: Ramp["rise"]) => draw.time(name, span, timeFactor);
    switch (course.course) {
      case "constant":
        return { course: "constant", times: draw.value("times", course.times) ** intensity };
      case "ramp":
        return {
          course: "ramp",
          to: draw.value("to", course.to) ** intensity,
          after: time("after", course.after),
          rise: time("rise", course.rise),
          ...(course.hold === undefined ? {} : { hold: time("hold", course.hold) }),
          fall: time("fall", course.fall),
        };
      case "aftershock":
        return {
          course: "aftershock",
          peak: draw.value("peak", course.peak) ** intensity,
          at: time("at", course.at),
          rise: time("rise", course.rise),
          scale: Math.max(1, time("scale", course.scale)),
          exponent: draw.value("exponent", course.exponent),
        };
    }
  }

  /** A correlation needs the square root of it as each one's loading; below 0, of opposite signs. */
  #loadings(
    { rule, value, transition }: LoadingEffect,
    assets: readonly string[],
    draw: SpanDraw,
  ): DrawnLoading[] {
    const { intensity, timeFactor } = this.#options;
    const drawn = draw.value("value", value);
    const weight = Math.min(intensity, 1);
    const over = draw.time("transition", transition, timeFactor);
    return assets.map((asset, index) => {
      const opposite = drawn < 0 && index > 0 ? -1 : 1;
      const root = opposite * Math.sqrt(Math.abs(drawn));
      return rule === "multiple"
        ? { asset, rule, target: drawn, weight, transition: over }
        : { asset, rule: "set", target: root, weight, transition: over };
    });
  }

  /** Longer freezes and gaps, later quotes, more of them lost: in proportion to the intensity. */
  #fault(effect: FeedEffect, assets: readonly string[], draw: SpanDraw): DrawnFault {
    const { intensity, timeFactor } = this.#options;
    const { fault, source } = effect;
    const isLength = fault === "freeze" || fault === "gap";
    const size = draw.value("size", effect.size) * intensity;
    const lasts = draw.time("lasts", effect.lasts, timeFactor);
    return {
      fault,
      source,
      assets,
      at: draw.time("at", effect.at, timeFactor),
      lasts: isLength ? Math.round(lasts * intensity) : lasts,
      size: fault === "loss" ? Math.min(size, 1) : Math.round(size),
    };
  }
}
