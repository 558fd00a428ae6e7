import { readdirSync, readFileSync } from "node:fs";
import type { ScenarioDefinition } from "@tse/market-model";
import { readScenario } from "./read-scenario.ts";

const FOLDER = new URL("../../scenarios/", import.meta.url);

/** A scenario that ships with the product can't be read: a fault of ours. */
class ShippedScenarioBroken extends Error {
  override name = "ShippedScenarioBroken";
}

/** The scenarios that ship with the product, by name. They are read when the first is asked for. */
export class ScenarioCatalogue {
  #definitions: ReadonlyMap<string, ScenarioDefinition> | undefined;

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
    this.#definitions ??= new Map(shipped().map((definition) => [definition.name, definition]));
    return this.#definitions;
  }
}

function shipped(): ScenarioDefinition[] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"));
  return files.sort().map((name) => {
    const reading = readScenario(readFileSync(new URL(name, FOLDER), "utf8"));
    if (reading.status === "read") return reading.definition;
    throw new ShippedScenarioBroken(`${name}: ${JSON.stringify(reading.faults[0])}`);
  });
}
