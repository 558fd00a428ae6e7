import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { duration } from "@tse/domain";
import {
  boolean,
  decimal,
  defaultText,
  describeSettings,
  durationText,
  helpText,
  InvalidConfiguration,
  integer,
  list,
  oneOf,
  peer,
  processSources,
  readConfig,
  type Setting,
  setting,
  text,
} from "../src/index.ts";

const settings = {
  port: setting({
    env: ["EXCHANGE_PORT", "HTTP_PORT"],
    flag: "port",
    parser: integer(0, 65_535),
    default: 8085,
    about: "port of the API",
  }),
  level: setting({ env: "LOG_LEVEL", parser: oneOf("debug", "info"), default: "info" }),
  ttl: setting({ env: "CACHE_TTL", parser: durationText("1s"), default: 300_000_000 }),
  json: setting({ flag: "json", parser: boolean(), default: false }),
  deviation: setting({ env: "MAX_DEVIATION", parser: decimal(), default: "0.25" }),
  symbols: setting({ env: "SYMBOLS", parser: list(text(/^[A-Z/]+$/, "symbols")), default: [] }),
  token: setting({
    env: "TOKEN",
    parser: text(/^\w{8,}$/, "8 or more characters"),
    default: "",
    secret: true,
  }),
};

function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof InvalidConfiguration);
    assert.equal(error.message, error.problems.join("\n"));
    return error.problems;
  }
  return [];
}

describe("readConfig", () => {
  it("takes the default of what nobody set", () => {
    const config = readConfig(settings, {});
    assert.equal(config.port, 8085);
    assert.equal(config.level, "info");
    assert.equal(config.json, false);
  });

  it("prefers a flag to the environment, that to .env, and that to the default", () => {
    const environment = { HTTP_PORT: "2" };
    const envFile = { HTTP_PORT: "3", LOG_LEVEL: "debug" };
    assert.equal(readConfig(settings, { envFile }).port, 3);
    assert.equal(readConfig(settings, { environment, envFile }).port, 2);
    const all = readConfig(settings, { argv: ["--port", "1"], environment, envFile });
    assert.equal(all.port, 1);
    assert.equal(all.level, "debug");
  });

  it("prefers the first name of a setting to its aliases", () => {
    const environment = { HTTP_PORT: "2", EXCHANGE_PORT: "4" };
    assert.equal(readConfig(settings, { environment }).port, 4);
  });

  it("counts an empty variable as absent", () => {
    assert.equal(readConfig(settings, { environment: { HTTP_PORT: "" } }).port, 8085);
  });

  it("takes a switch without a value, and any flag with = or as two arguments", () => {
    assert.equal(readConfig(settings, { argv: ["--json"] }).json, true);
    assert.equal(readConfig(settings, { argv: ["--json=off"] }).json, false);
    assert.equal(readConfig(settings, { argv: ["--port=9"] }).port, 9);
    assert.equal(readConfig(settings, { argv: ["--port", "8", "--port", "9"] }).port, 9);
  });

  it("names everything that is wrong, with the expected form", () => {
    const problems = problemsOf(() =>
      readConfig(settings, {
        argv: ["--port", "http", "--colour", "up"],
        environment: { LOG_LEVEL: "loud", CACHE_TTL: "10ms" },
        envFile: { SYMBOLS: "BTC/USD,,ETH/USD" },
      }),
    );
    assert.deepEqual(problems, [
      "--colour is not a known option",
      '"up" is not expected here',
      '--port is "http": expected a whole number from 0 to 65535',
      'LOG_LEVEL is "loud": expected one of debug, info',
      'CACHE_TTL is "10ms": expected a duration such as 100ms, 300s or 5m, at least 1s',
      'SYMBOLS is "BTC/USD,,ETH/USD": expected a list, with commas between, of symbols',
    ]);
  });

  it("never shows what a secret was set to", () => {
    const [problem] = problemsOf(() => readConfig(settings, { environment: { TOKEN: "hunter2" } }));
    assert.equal(problem, "TOKEN is not valid: expected 8 or more characters");
  });

  it("says that a flag lacks its value", () => {
    assert.deepEqual(
      problemsOf(() => readConfig(settings, { argv: ["--port"] })),
      ["--port needs a value"],
    );
  });

  it("takes names of the language's own objects for unknown options", () => {
    assert.deepEqual(
      problemsOf(() => readConfig(settings, { argv: ["--constructor=1"] })),
      ["--constructor is not a known option"],
    );
  });
});

describe("a parser", () => {
  const cases = [
    {
      parser: integer(-5, 5),
      good: { "-5": -5, "0": 0, "5": 5 },
      bad: ["6", "1.0", "1e0", "", "x", " 1"],
    },
    {
      parser: durationText(),
      good: { "50us": 50, "100ms": 100_000, "300s": 3e8, "5m": 3e8, "1h": 3.6e9, "0s": 0 },
      bad: ["5", "-5s", "1.5s", "5 m", "5d", "99999999999999h", "999999999999h"],
    },
    {
      parser: boolean(),
      good: { TRUE: true, on: true, "1": true, No: false, "0": false },
      bad: ["2", "yes!"],
    },
    { parser: decimal(), good: { "0.25": "0.25", "10": "10" }, bad: ["-1", ".5", "1e3", "1."] },
  ];
  for (const { parser, good, bad } of cases) {
    it(`takes ${parser.expected}, and nothing else`, () => {
      for (const [given, value] of Object.entries(good)) assert.equal(parser.parse(given), value);
      for (const given of bad) assert.equal(parser.parse(given), undefined, given);
    });
  }

  it("drops blanks around a list's items, and takes an empty list", () => {
    assert.deepEqual(peer().parse("127.0.0.1:8086:9096"), {
      host: "127.0.0.1",
      httpPort: 8086,
      grpcPort: 9096,
    });
    assert.equal(peer().parse("[::1]:1:65535")?.host, "[::1]");
    for (const none of ["localhost", "localhost:1", "a:0:1", "a:1:65536", "a b:1:2", ":1:2"]) {
      assert.equal(peer().parse(none), undefined, none);
    }
    assert.deepEqual(list(integer(0, 9)).parse("1, 2 ,3"), [1, 2, 3]);
    assert.deepEqual(list(integer(0, 9)).parse(" "), []);
    assert.equal(list(integer(0, 9)).parse("1,x"), undefined);
  });
});

describe("processSources", () => {
  it("reads a .env file when there is one", () => {
    const directory = mkdtempSync(join(tmpdir(), "tse-config-"));
    const path = join(directory, ".env");
    assert.deepEqual(processSources({ envFile: path }).envFile, {});
    writeFileSync(path, 'HTTP_PORT=5 # comment\nSYMBOLS="BTC/USD,ETH/USD"\n');

    const { envFile } = processSources({ envFile: path });
    const config = readConfig(settings, { envFile: envFile ?? {} });
    assert.equal(config.port, 5);
    assert.deepEqual(config.symbols, ["BTC/USD", "ETH/USD"]);
    rmSync(directory, { recursive: true });
  });

  it("says that a .env that can't be read can't be read", () => {
    assert.throws(() => processSources({ envFile: tmpdir() }), InvalidConfiguration);
  });
});

describe("describeSettings", () => {
  it("lists names, meaning and default, but no secret's", () => {
    const lines = describeSettings(settings).split("\n");
    assert.match(
      lines[0] ?? "",
      /^ {2}--port, EXCHANGE_PORT, HTTP_PORT {2}port of the API \[8085\]$/,
    );
    assert.match(lines.at(-1) ?? "", /^ {2}TOKEN +8 or more characters$/);
    assert.match(lines[2] ?? "", /^ {2}CACHE_TTL +a duration .* \[5m\]$/);
  });
});

describe("defaultText", () => {
  const address = { host: "[::1]", httpPort: 1, grpcPort: 2 };

  it("is text that parses to the default", () => {
    const shown: readonly (readonly [Setting<unknown>, string])[] = [
      [setting({ parser: integer(0, 9), default: 0 }), "0"],
      [setting({ parser: boolean(), default: true }), "true"],
      [setting({ parser: durationText(), default: 0 }), "0s"],
      [setting({ parser: durationText(), default: 1_500_000 }), "1500ms"],
      [setting({ parser: durationText(), default: 7_200_000_000 }), "2h"],
      [
        setting({ parser: list(durationText()), default: [duration(60_000_000), duration(5)] }),
        "1m,5us",
      ],
      [setting({ parser: peer(), default: address }), "[::1]:1:2"],
    ];
    for (const [described, text] of shown) {
      assert.equal(defaultText(described), text);
      assert.deepEqual(described.parser.parse(text), described.default);
    }
  });

  it("is nothing for what is off, not given or secret", () => {
    const parser = text();
    assert.equal(defaultText(setting({ parser: boolean(), default: false })), undefined);
    assert.equal(defaultText(setting({ parser: list(parser), default: [] })), undefined);
    assert.equal(defaultText(setting({ parser, default: "x", secret: true })), undefined);
    assert.equal(defaultText({ parser, default: undefined }), undefined);
  });
});

describe("helpText", () => {
  const help = { program: "some-service", about: "Serves.", settings };

  it("describes every setting to who asks, and says nothing to who doesn't", () => {
    assert.equal(helpText(help, { argv: ["--port", "1"] }), undefined);
    for (const flag of ["--help", "-h"]) {
      const said = helpText(help, { argv: ["--port", "1", flag] }) ?? "";
      assert.match(said, /^Usage: some-service \[options\]\n\nServes\.\n\n {2}--port, /);
      assert.match(said, /\n\nA flag wins over .* default\.\n$/);
    }
  });
});
