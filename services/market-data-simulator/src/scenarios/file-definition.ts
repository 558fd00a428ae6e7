import type { Effect, PriceEffect, ScenarioDefinition } from "@tse/market-model";
import type { EffectFile, ScenarioFile } from "./scenario-schema.ts";

/** What a file says, as the market model takes it. */
export function fileDefinition(file: ScenarioFile): ScenarioDefinition {
  const { format: _, source: __, effects, ...rest } = file;
  return { ...rest, effects: effects.map(effectOf) };
}

/** Where the field is in a file that is at `path` in a definition. */
export function filePath(path: readonly (string | number)[]): (string | number)[] {
  const [first, index, group, ...rest] = path;
  const isGroup = first === "effects" && (group === "path" || group === "course");
  const inFile = isGroup && rest.length > 0 ? [first, index as number, ...rest] : path;
  return inFile.map((part) => (part === "halfLife" ? "half_life" : part));
}

function effectOf(effect: EffectFile): Effect {
  switch (effect.on) {
    case "price":
      return priceOf(effect);
    case "pull": {
      const { half_life: halfLife, level, ...rest } = effect;
      return { ...rest, halfLife, ...(level === undefined ? {} : { level }) };
    }
    case "loading":
      return effect;
    case "feed":
      return "size" in effect ? effect : { ...effect, size: 0 };
    default: {
      const { on, assets, ...course } = effect;
      if (course.course !== "ramp") return { on, assets, course };
      const { hold, ...ramp } = course;
      return { on, assets, course: hold === undefined ? ramp : { ...ramp, hold } };
    }
  }
}

function priceOf(effect: Extract<EffectFile, { on: "price" }>): PriceEffect {
  const { on, assets, recovery, ...path } = effect;
  return { on, assets, path, ...(recovery === undefined ? {} : { recovery }) };
}
