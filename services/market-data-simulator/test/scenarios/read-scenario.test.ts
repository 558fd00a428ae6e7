import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { readScenario } from "../../src/scenarios/read-scenario.ts";
import { LONGEST_TEXT } from "../../src/scenarios/text-bounds.ts";

const MINE = `format: 1
name: mine
kind: crash
title: Mine
duration: 1h
effects:
  - { on: price, assets: [ETH], path: move, change: -10 %, over: 10m }
  - { on: volatility, assets: "*", course: constant, times: 2 }
`;

const SHIPPED = new URL("../../scenarios/", import.meta.url);

/** `line:column field: rule` of every fault. */
function faultsOf(text: string): string[] {
  const reading = readScenario(text);
  if (reading.status === "read") return [];
  return reading.faults.map(
    ({ line, column, field, rule }) => `${line}:${column} ${field}: ${rule}`,
  );
}

const changed = (from: string | RegExp, to: string) => faultsOf(MINE.replace(from, to));

const filled = (unit: string, length: number) =>
  unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

describe("A scenario's text", () => {
  it("is read with every default, times in microseconds and changes as log returns", () => {
    const reading = readScenario(MINE);
    assert.deepEqual(reading.status === "read" && reading.definition, {
      name: "mine",
      kind: "crash",
      title: "Mine",
      duration: 3_600_000_000,
      release: 60_000_000,
      pinned: false,
      phases: [{ name: "main", at: 0 }],
      effects: [
        {
          on: "price",
          assets: ["ETH"],
          path: {
            path: "move",
            change: Math.log1p(-0.1),
            after: 0,
            over: 600_000_000,
            shape: "linear",
          },
        },
        { on: "volatility", assets: "*", course: { course: "constant", times: 2 } },
      ],
    });
  });

  it("has decimal numbers, sources of this world, one document and an end that is told first", () => {
    for (const number of ["0x10", "0o7", "-0xA"]) {
      assert.deepEqual(changed("times: 2", `times: ${number}`), ["8:61 : numbers are decimal"]);
    }
    assert.deepEqual(changed("title: Mine", "title: 0x10 ways"), []);
    const feed = "on: feed, assets: [ETH], fault: freeze, lasts: 1m, source";
    const [fault = ""] = changed(
      "{ on: volatility",
      `{ ${feed}: nope_source }\n  - { on: volatility`,
    );
    assert.match(fault, /^8:.* effects.1.source: one of feed, coingecko, coinmarketcap, binance$/);
    assert.deepEqual(faultsOf(`${MINE}---\n${MINE}`), [
      "9:1 : a text is one scenario, without a second ---",
    ]);
    assert.deepEqual(changed("1h", "0s"), ["5:11 duration: above 0, at most 366 days"]);
  });

  it("may be JSON", () => {
    const json = JSON.stringify({
      format: 1,
      name: "mine",
      kind: "rally",
      title: "Mine",
      duration: ["1h", "1h30m"],
      effects: [{ on: "depth", assets: ["BTC"], course: "ramp", to: 0.5, rise: "1m" }],
    });
    assert.deepEqual(faultsOf(json), []);
  });

  it("is refused by line, column, field and rule", () => {
    assert.deepEqual(
      changed("kind: crash", "kind: crush")[0]?.slice(0, 22),
      "3:7 kind: one of rally",
    );
    assert.deepEqual(changed("-10 %", "-100 %"), [
      "7:53 effects.0.change: a price falls by less than 100 %",
    ]);
    assert.deepEqual(changed("times: 2", "times: wild"), ["8:61 effects.1.times: a number"]);
    assert.deepEqual(changed("title: Mine\n", ""), ["1:1 title: this field is required"]);
    assert.deepEqual(changed("title: Mine", "title: [a]"), ["4:8 title: of type string"]);
    assert.deepEqual(changed("over: 10m", "over: 10m, often: 2"), [
      "7:71 effects.0.often: there is no such field",
    ]);
    assert.deepEqual(changed("over: 10m", "over: 2h"), [
      "7:39 effects.0.path: a price path, recovery included, ends before the scenario does",
    ]);
    assert.deepEqual(changed("title: Mine", "name: again"), ["4:1 : name is given once"]);
  });

  it("has all of its faults named, in order of the text, twenty at most", () => {
    const two = MINE.replace("times: 2", "times: wild").replace("duration: 1h", "duration: soon");
    assert.deepEqual(
      faultsOf(two).map((fault) => fault.split(":")[0]),
      ["5", "8"],
    );
    assert.equal(faultsOf(`${MINE}${"  - {}\n".repeat(50)}`).length, 20);
  });

  it("has no anchor, alias, tag or field without a plain name", () => {
    assert.deepEqual(changed("title: Mine", "title: &a Mine"), [
      "4:11 : anchors and aliases are not allowed",
    ]);
    assert.deepEqual(changed("title: Mine", "title: !!str Mine"), ["4:14 : tags are not allowed"]);
    assert.deepEqual(changed("title: Mine", "[title]: Mine"), [
      "4:1 : the name of a field is plain text",
    ]);
    const bomb = [`a0: &a0 [x, x]`, ...Array.from({ length: 60 }, (_, i) => bombLine(i + 1))];
    assert.equal(new Set(faultsOf(bomb.join("\n")).map((fault) => fault.split(" : ")[1])).size, 1);
  });

  it("is as long as 32 KiB, counted in bytes, and no longer", () => {
    const comment = (length: number) => `${MINE}#${filled("x", length - MINE.length - 2)}\n`;
    assert.deepEqual(faultsOf(comment(LONGEST_TEXT)), []);
    const rule = "1:1 : a scenario has at most 32 KiB";
    assert.deepEqual(faultsOf(comment(LONGEST_TEXT + 1)), [rule]);
    assert.deepEqual(faultsOf(`#${"é".repeat(LONGEST_TEXT / 2)}`), [rule]);
    assert.deepEqual(faultsOf("é".repeat(LONGEST_TEXT)), [rule]);
  });

  it("has bounded levels and parts, and is refused where it leaves them", () => {
    const depth = "at most 20 levels deep";
    const parts = "at most 8000 values, marks and lines";
    const shapes: readonly (readonly [text: string, fault: string])[] = [
      [filled("[", LONGEST_TEXT), `1:21 : ${depth}`],
      [filled("{a: ", LONGEST_TEXT), `1:81 : ${depth}`],
      ["]".repeat(5_000) + "[".repeat(5_000), `1:5021 : ${depth}`],
      [filled('["]", ', LONGEST_TEXT), `1:121 : ${depth}`],
      [filled("- ", LONGEST_TEXT), `1:41 : ${depth}`],
      [filled(": ", LONGEST_TEXT), `1:41 : ${depth}`],
      [filled("? - ", LONGEST_TEXT), `1:41 : ${depth}`],
      [`[${filled(",", LONGEST_TEXT - 1)}`, `1:8001 : ${parts}`],
      [filled("&a ", LONGEST_TEXT), `1:24001 : ${parts}`],
      [filled("*a\n", LONGEST_TEXT), `4001:1 : ${parts}`],
      [filled("]", LONGEST_TEXT), `1:8001 : ${parts}`],
      [filled("\n", LONGEST_TEXT), `8001:1 : ${parts}`],
      [filled("#\n", LONGEST_TEXT), `4001:1 : ${parts}`],
      [`"${filled("\\q", LONGEST_TEXT - 2)}"`, `1:1 : ${parts}`],
    ];
    for (const [text, fault] of shapes) {
      assert.deepEqual(faultsOf(text), [fault], text.slice(0, 20));
    }
  });

  it("is taken apart by no parser when it has many parts, whatever they are", () => {
    const keys = (count: number, unit: (i: number) => string) =>
      Array.from({ length: count }, (_, i) => unit(i));
    /** Of about three parts a unit, so that the bound lies between the two sizes that are tried. */
    const shapes: readonly ((units: number) => string)[] = [
      (units) => keys(units, (i) => `k${i}:`).join("\n"),
      (units) => `{${keys(units, (i) => `k${i}:`).join()}}`,
      (units) => MINE.replace("over", `${keys(units, (i) => `k${i}:`).join()}, over`),
      (units) => "a:\n".repeat(units),
      (units) => `[${",".repeat(3 * units)}`,
      (units) => "]".repeat(3 * units),
      (units) => '""'.repeat(3 * units),
      (units) => "? [a]\n: b\n".repeat(units / 3),
    ];
    const isBeyond = (text: string) =>
      faultsOf(text).some((fault) => fault.includes("at most 8000"));
    for (const shape of shapes) {
      assert.deepEqual([isBeyond(shape(600)), isBeyond(shape(3_300))], [false, true], shape(2));
    }
  });

  it("is well within its bounds wherever one ships", () => {
    for (const name of readdirSync(SHIPPED)) {
      const text = readFileSync(new URL(name, SHIPPED), "utf8");
      assert.deepEqual(faultsOf(text), [], name);
      assert.ok(text.length * 3 < LONGEST_TEXT, name);
    }
  });
});

function bombLine(i: number): string {
  const before = `*a${i - 1}`;
  return `a${i}: &a${i} [${[before, before, before].join()}]`;
}
