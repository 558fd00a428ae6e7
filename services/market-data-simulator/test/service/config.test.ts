import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { defaultText, InvalidConfiguration, readConfig, type Setting } from "@tse/service-kit";
import { grpcPortOf, MARKET_DATA_SETTINGS } from "../../src/config.ts";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const settings: readonly Setting<unknown>[] = Object.values(MARKET_DATA_SETTINGS);

/** The first name of a variable; others are aliases. */
const nameOf = ({ env }: Setting<unknown>): string | undefined => [env ?? []].flat()[0];

/** What `.env.example` says that holds when nobody sets it: what is common to all, then this service's own part. */
const documented = new Map<string, string>();
const [common = "", ...parts] = read("../../../../.env.example").split("# === ");
const own = parts.find((part) => part.startsWith("market-data-simulator")) ?? "";
for (const part of [common, own]) {
  for (const [, name = "", value = ""] of part.matchAll(/^#([A-Z_]+)=(.*)$/gm)) {
    documented.set(name, value);
  }
}

/** The README's table of all settings, made from them. */
function table(): string {
  const rows = settings.map((setting) => {
    const name = nameOf(setting);
    const flag = setting.flag === undefined ? "" : `\`--${setting.flag}\``;
    const standard = name === undefined ? String(setting.default) : (documented.get(name) ?? "");
    return `| ${name ?? ""} | ${flag} | ${standard} | ${setting.about} |`;
  });
  return ["| variable | flag | default | meaning |", "|---|---|---|---|", ...rows].join("\n");
}

function assertDefault(setting: Setting<unknown>, standard: string): void {
  if (standard === "") return;
  const parsed = setting.parser.parse(standard);
  assert.notEqual(parsed, undefined, `${nameOf(setting)}=${standard} fits`);
  if (setting.default !== undefined) assert.deepEqual(parsed, setting.default);
}

describe("The configuration", () => {
  it("is documented in .env.example, every variable with its true default", () => {
    const named = settings.filter((setting) => nameOf(setting) !== undefined);
    for (const setting of named) {
      const name = nameOf(setting) ?? "";
      assert.ok(documented.has(name), `${name} is in .env.example`);
      assertDefault(setting, documented.get(name) ?? "");
    }
    const names = settings.map(nameOf);
    for (const [, name = ""] of own.matchAll(/^#([A-Z_]+)=/gm))
      assert.ok(names.includes(name), name);
  });

  it("shows defaults as text that could be given", () => {
    for (const setting of settings) {
      const text = defaultText(setting);
      if (text !== undefined) assert.deepEqual(setting.parser.parse(text), setting.default, text);
    }
  });

  it("is documented in the README by the table that the settings make", () => {
    assert.ok(read("../../README.md").includes(table()), `expected this table:\n${table()}`);
  });

  it("puts the gRPC listener on its own port, on a free one beside a free one", () => {
    assert.equal(grpcPortOf({ port: 8086, grpcPort: undefined }), 9096);
    assert.equal(grpcPortOf({ port: 0, grpcPort: undefined }), 0);
    assert.equal(grpcPortOf({ port: 8086, grpcPort: 7 }), 7);
  });

  it("refuses symbols that there are not, and an interval below the floor", () => {
    for (const environment of [
      { DEFAULT_SYMBOLS: "BTC/USD,XRP/USD" },
      { PRICE_UPDATE_INTERVAL: "99ms" },
      { PRICE_MODE: "magic" },
    ]) {
      assert.throws(() => readConfig(MARKET_DATA_SETTINGS, { environment }), InvalidConfiguration);
    }
  });
});
