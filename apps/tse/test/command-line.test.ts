import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { describe, it } from "node:test";
import { InvalidConfiguration } from "@tse/service-kit";
import { readCommandLine } from "../src/command-line.ts";

const terminal = { output: new PassThrough(), notes: new PassThrough(), ask: undefined };

/** What is wrong with a command line, as it is said. */
function problems(...argv: string[]): readonly string[] {
  try {
    const asked = readCommandLine({ argv });
    assert.ok("command" in asked);
    void asked.command.run(asked.sources, terminal);
  } catch (error) {
    assert.ok(error instanceof InvalidConfiguration);
    return error.problems;
  }
  return [];
}

function help(...argv: string[]): string {
  const asked = readCommandLine({ argv });
  assert.ok("help" in asked);
  return asked.help;
}

const VERBS = [
  "journal inspect",
  "journal verify",
  "journal export",
  "db status",
  "db migrate",
  "audit verify",
  "world export",
  "world import",
  "data import",
  "data list",
];

describe("the command line", () => {
  it("starts the world when no verb is given, and when it is told to", () => {
    for (const argv of [[], ["--seed", "7"], ["start", "--seed", "7"]]) {
      const asked = readCommandLine({ argv });
      assert.ok("command" in asked);
      assert.equal(asked.command.verb, "start");
      assert.deepEqual(asked.sources.argv, argv.slice(argv[0] === "start" ? 1 : 0));
    }
  });

  it("lists every verb, its own flags and the exit codes in its help", () => {
    const text = help("--help");
    for (const verb of VERBS) assert.match(text, new RegExp(`^  ${verb}`, "m"));
    for (const flag of ["--seed", "--fresh", "--yes", "--data-dir"]) assert.ok(text.includes(flag));
    assert.match(text, /Exit codes: 0 fine, 1 found broken or failed, 2 wrong use/);
  });

  it("shows every default as text", () => {
    assert.match(help("--help"), /--mode .*\[realistic\]\n/);
    const all = ["journal", "db", "audit", "world", "data", "market", "start"];
    for (const verb of all) {
      assert.doesNotMatch(help(verb, "--help"), /\[object|undefined|NaN/, verb);
    }
    assert.match(help("start", "--help"), /PRICE_UPDATE_INTERVAL .*\[1s\]\n/);
  });

  it("explains a group of verbs, and one verb", () => {
    const group = help("journal", "--help");
    for (const verb of VERBS.slice(0, 3)) assert.ok(group.includes(`Usage: tse ${verb} [DIR]`));
    assert.ok(!group.includes("tse db"));
    const one = help("journal", "export", "--help");
    assert.ok(one.includes("--from") && !one.includes("journal inspect"));
  });

  it("names a verb that there is not, and those that there are", () => {
    assert.deepEqual(problems("journel"), [
      '"journel" is not a known verb: start, journal, db, audit, world, data, market',
    ]);
    assert.deepEqual(problems("db"), ['"db" needs a verb: db status, db migrate']);
    assert.deepEqual(problems("db", "drop"), [
      '"db drop" is not a known verb: db status, db migrate',
    ]);
  });

  it("names flags and words that a verb doesn't take, and what it lacks", () => {
    assert.deepEqual(problems("journal", "export", "--form", "here", "there"), [
      "--form is not a known option",
      '"there" is not expected here',
    ]);
    assert.deepEqual(problems("journal", "export", "--from", "0"), [
      '--from is "0": expected a whole number from 1 to 9007199254740991',
    ]);
    assert.deepEqual(problems("db", "status", "here"), ['"here" is not expected here']);
    assert.deepEqual(problems("world", "export"), ["world export needs a FILE"]);
  });

  it("takes what stands beside flags wherever it stands", () => {
    for (const argv of [
      ["--data-dir", "here", "file"],
      ["file", "--data-dir", "here"],
      ["--data-dir=here", "file", "--json"],
    ]) {
      assert.deepEqual(problems("world", "export", ...argv, "more"), [
        '"more" is not expected here',
      ]);
    }
  });
});
