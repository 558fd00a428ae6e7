import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ScenarioDefinition } from "@tse/market-model";
import { InvalidConfiguration } from "@tse/service-kit";
import { readScenario, type ScenarioFault } from "./read-scenario.ts";
import { LONGEST_TEXT } from "./text-bounds.ts";

/** Faults of one file that are told. */
const FAULTS_MAX = 5;

/**
 * The scenarios of a directory: each of its `*.yaml` files, by name of file. Directories in it are passed over.
 *
 * @throws InvalidConfiguration naming everything that is wrong: the directory, or file, line, column, field and rule
 */
export function readOwnScenarios(directory: string): readonly ScenarioDefinition[] {
  const problems: string[] = [];
  const own = new Map<string, Own>();
  for (const path of filesIn(directory)) {
    const file = read(path);
    if ("problem" in file) {
      problems.push(file.problem);
      continue;
    }
    const reading = readScenario(file.text);
    if (reading.status === "malformed") {
      problems.push(...reading.faults.slice(0, FAULTS_MAX).map((fault) => told(path, fault)));
      continue;
    }
    const { name } = reading.definition;
    const other = own.get(name);
    if (other) problems.push(`${path}, name: ${name} is the name of ${other.path}, too`);
    own.set(name, { path, definition: reading.definition });
  }
  if (problems.length > 0) throw new InvalidConfiguration(problems);
  return [...own.values()].map(({ definition }) => definition);
}

interface Own {
  readonly path: string;
  readonly definition: ScenarioDefinition;
}

function told(path: string, { line, column, field, rule }: ScenarioFault): string {
  const place = [path, `line ${line}`, `column ${column}`, ...(field === "" ? [] : [field])];
  return `${place.join(", ")}: ${rule}`;
}

function filesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.name.endsWith(".yaml") && !entry.isDirectory())
      .map(({ name }) => join(directory, name))
      .sort();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const problem = `SCENARIO_DIR: ${directory} is no directory that can be read (${code})`;
    throw new InvalidConfiguration([problem], { cause });
  }
}

/** Only a file that could be a scenario is read: a device may have no end. */
function read(path: string): { readonly text: string } | { readonly problem: string } {
  try {
    const status = statSync(path);
    if (!status.isFile()) return { problem: `${path} is no regular file` };
    if (status.size > LONGEST_TEXT) {
      return {
        problem: `${path}, line 1, column 1: a scenario has at most ${LONGEST_TEXT / 1024} KiB`,
      };
    }
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path)) };
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") return { problem: `${path} is not UTF-8` };
    throw new InvalidConfiguration([`${path} can't be read (${code})`], { cause });
  }
}
