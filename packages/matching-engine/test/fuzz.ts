/**
 * Runs random commands against the oracle for as long as asked:
 * `npm run fuzz -- --commands 5000000 --seed 7`. A failure is shrunk, printed, and exits with 1.
 */
import { parseArgs } from "node:util";
import { type Failure, randomRun, shrink } from "./random-run.ts";

/** Each run starts with empty books, so that a failure is short and climates change. */
const COMMANDS_A_RUN = 5000;
const PROGRESS_EVERY = 250_000;

const { values } = parseArgs({
  options: {
    commands: { type: "string", default: "1000000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
process.exitCode = fuzz(Number(values.seed), Number(values.commands)) ? 0 : 1;

/** Run k has the seed `seed + k`. True when every run agreed with the oracle. */
function fuzz(seed: number, commands: number): boolean {
  if (!(Number.isSafeInteger(seed) && seed >= 0 && Number.isSafeInteger(commands))) {
    say("--seed and --commands are whole numbers, not negative");
    return false;
  }
  say(`seed ${seed}, ${commands} commands`);
  for (let done = 0, run = seed; done < commands; run++) {
    const count = Math.min(COMMANDS_A_RUN, commands - done);
    const failure = randomRun(run, count);
    if (failure !== undefined) {
      report(run, failure);
      return false;
    }
    done += count;
    if (done % PROGRESS_EVERY === 0) say(`${done} of ${commands} agree`);
  }
  say("no difference found");
  return true;
}

function report(seed: number, failure: Failure): void {
  const { length } = failure.commands;
  say(`differs at command ${length} of the run with --seed ${seed}: ${failure.error}`);
  say("shrinking");
  const { commands, error } = shrink(failure);
  say(`${error}\nafter these ${commands.length} of ${length} commands:`);
  for (const command of commands) say(JSON.stringify(command));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
