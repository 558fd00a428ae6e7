import { Chance } from "./chance.ts";
import { CLIMATES, type Climate, CommandSource } from "./command-source.ts";
import type { TestCommand } from "./commands.ts";
import { ComparedMarket } from "./compared-market.ts";

/** Commands that made the books and their oracle disagree, or the engine throw, at the last one. */
export interface Failure {
  readonly climate: Climate;
  readonly commands: readonly TestCommand[];
  readonly error: unknown;
}

const CLIMATE_LIST = Object.values(CLIMATES);

/** Runs commands on a fresh market of the climate; returns what went wrong, if anything. */
export function run(climate: Climate, commands: Iterable<TestCommand>): Failure | undefined {
  const market = new ComparedMarket(climate.books, climate.owners);
  const done: TestCommand[] = [];
  for (const command of commands) {
    done.push(command);
    try {
      market.apply(command);
    } catch (error) {
      return { climate, commands: done, error };
    }
  }
  return undefined;
}

/** Runs `count` random commands on a fresh market whose climate and commands follow from `seed`. */
export function randomRun(seed: number, count: number): Failure | undefined {
  const climate = CLIMATE_LIST[seed % CLIMATE_LIST.length] as Climate;
  const market = new ComparedMarket(climate.books, climate.owners);
  const source = new CommandSource(new Chance(seed), climate, market.naive);
  const done: TestCommand[] = [];
  for (let i = 0; i < count; i++) {
    const command = source.next();
    done.push(command);
    try {
      market.apply(command);
    } catch (error) {
      return { climate, commands: done, error };
    }
  }
  return undefined;
}

/**
 * A failure with as few commands as leaving some out can give: chunks of half the run, then of half
 * that, down to single commands, as long as what is left still fails.
 */
export function shrink(failure: Failure): Failure {
  let smallest = failure;
  let chunk = Math.ceil(smallest.commands.length / 2);
  for (;;) {
    const smaller = withoutChunk(smallest, chunk);
    if (smaller !== undefined) smallest = smaller;
    else if (chunk === 1) return smallest;
    else chunk = Math.ceil(chunk / 2);
    chunk = Math.min(chunk, smallest.commands.length);
  }
}

function withoutChunk(failure: Failure, chunk: number): Failure | undefined {
  const { climate, commands } = failure;
  for (let from = 0; from < commands.length; from += chunk) {
    const kept = commands.toSpliced(from, chunk);
    const smaller = run(climate, kept);
    if (smaller !== undefined) return smaller;
  }
  return undefined;
}
