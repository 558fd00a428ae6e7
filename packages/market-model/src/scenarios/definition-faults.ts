import type { Effect, PriceEffect, ScenarioDefinition, Span } from "./definition.ts";
import { effectFaults } from "./effect-faults.ts";
import { check, type DefinitionFault, isOrdered, isWithin, LONGEST_SCENARIO } from "./fault.ts";
import { highOf, lowOf } from "./span.ts";

const NAME = /^[a-z][a-z0-9_]{0,63}$/;
const MOST_EFFECTS = 100;
const MOST_PHASES = 50;

/**
 * Everything that makes a definition invalid; none of it is checked again later. Types are taken for granted:
 * a reader of text checks them first.
 */
export function definitionFaults(definition: ScenarioDefinition): DefinitionFault[] {
  const { name, duration, release, effects } = definition;
  const ends = isOrdered(duration) && isWithin(duration, 1, LONGEST_SCENARIO);
  const faults = [
    ...check(
      NAME.test(name),
      ["name"],
      "lower case letters, digits and _, a letter first, at most 64",
    ),
    ...check(isOrdered(duration), ["duration"], "a range goes from its low to its high end"),
    ...check(isWithin(duration, 1, LONGEST_SCENARIO), ["duration"], "above 0, at most 366 days"),
    ...check(release >= 0 && release <= LONGEST_SCENARIO, ["release"], "from 0, at most 366 days"),
    ...check(effects.length > 0, ["effects"], "at least one effect"),
    ...check(effects.length <= MOST_EFFECTS, ["effects"], `at most ${MOST_EFFECTS} effects`),
    ...phaseFaults(definition, ends),
  ];
  for (const [index, effect] of effects.entries()) {
    for (const { path, rule } of [
      ...effectFaults(effect),
      ...(ends ? fitFaults(effect, duration) : []),
    ]) {
      faults.push({ path: ["effects", index, ...path], rule });
    }
  }
  return [...faults, ...overlapFaults(effects)];
}

/** @param ends whether the scenario has an end to compare with */
function phaseFaults({ phases, duration }: ScenarioDefinition, ends: boolean): DefinitionFault[] {
  const faults = check(phases.length <= MOST_PHASES, ["phases"], `at most ${MOST_PHASES} phases`);
  for (const [index, { name, at }] of phases.entries()) {
    const before = phases[index - 1]?.at ?? -1;
    const path = ["phases", index, "at"];
    faults.push(
      ...check(NAME.test(name), ["phases", index, "name"], "lower case letters, digits and _"),
      ...check(index > 0 || at === 0, path, "the first phase begins at 0"),
      ...check(at > before, path, "phases are in order of time"),
      ...check(!ends || at < lowOf(duration), path, "a phase begins before the scenario ends"),
    );
  }
  return faults;
}

/** A price path ends within the scenario, at its longest. */
function fitFaults(effect: Effect, duration: Span): DefinitionFault[] {
  if (effect.on !== "price") return [];
  const fits = longestPath(effect) <= lowOf(duration);
  return check(fits, ["path"], "a price path, recovery included, ends before the scenario does");
}

function longestPath({ path, recovery }: PriceEffect): number {
  const leg =
    path.path === "keyframes"
      ? (path.points.at(-1)?.[0] ?? 0)
      : highOf(path.after) + highOf(path.over);
  return leg + (recovery === undefined ? 0 : highOf(recovery.hold) + highOf(recovery.time));
}

/** An asset, or `*`, is named once for a quantity: which of two effects holds would be a matter of order. */
function overlapFaults(effects: readonly Effect[]): DefinitionFault[] {
  const seen = new Set<string>();
  const faults: DefinitionFault[] = [];
  for (const [index, effect] of effects.entries()) {
    if (effect.on === "feed") continue;
    for (const asset of effect.assets === "*" ? ["*"] : effect.assets) {
      const key = `${effect.on} ${asset}`;
      const rule = `one effect on ${effect.on} for ${asset}`;
      faults.push(...check(!seen.has(key), ["effects", index, "assets"], rule));
      seen.add(key);
    }
  }
  return faults;
}
