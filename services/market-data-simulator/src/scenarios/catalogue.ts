import { readdirSync, readFileSync } from "node:fs";
import type { ScenarioDefinition } from "@tse/market-model";
import type { Logger } from "@tse/service-kit";
import { readOwnScenarios } from "./own-scenarios.ts";
import { readScenario } from "./read-scenario.ts";

const FOLDER = new URL("../../scenarios/", import.meta.url);

/** A scenario that ships with the product can't be read: a fault of ours. */
class ShippedScenarioBroken extends Error {
  override name = "ShippedScenarioBroken";
}

/**
 * The scenarios of a world by name: those that ship with the product, and a user's own in place of those of the same
 * name. The former are read when the first is asked for.
 */
export class ScenarioCatalogue {
  readonly #own: readonly ScenarioDefinition[];
  #definitions: ReadonlyMap<string, ScenarioDefinition> | undefined;

  constructor(own: readonly ScenarioDefinition[] = []) {
    this.#own = own;
  }

  get names(): readonly string[] {
    return [...this.#all().keys()];
  }

  get all(): readonly ScenarioDefinition[] {
    return [...this.#all().values()];
  }

  named(name: string): ScenarioDefinition | undefined {
    return this.#all().get(name);
  }

  #all(): ReadonlyMap<string, ScenarioDefinition> {
    this.#definitions ??= new Map(
      [...shipped(), ...this.#own].map((definition) => [definition.name, definition]),
    );
    return this.#definitions;
  }
}

/**
 * The catalogue with the scenarios of a directory, if there is one; says in the log which of those that ship give way.
 *
 * @throws InvalidConfiguration as `readOwnScenarios`
 */
export function openCatalogue(directory: string | undefined, logger: Logger): ScenarioCatalogue {
  if (directory === undefined) return new ScenarioCatalogue();
  const own = readOwnScenarios(directory);
  const shippedOnly = new ScenarioCatalogue();
  for (const { name } of own) {
    if (shippedOnly.named(name) === undefined) continue;
    logger.warn("a scenario of SCENARIO_DIR takes the place of one that ships", {
      name,
      directory,
    });
  }
  return new ScenarioCatalogue(own);
}

function shipped(): ScenarioDefinition[] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"));
  return files.sort().map((name) => {
    const reading = readScenario(readFileSync(new URL(name, FOLDER), "utf8"));
    if (reading.status === "read") return reading.definition;
    throw new ShippedScenarioBroken(`${name}: ${JSON.stringify(reading.faults[0])}`);
  });
}
