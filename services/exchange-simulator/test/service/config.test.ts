import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { adminPortOf, defaultText, readConfig, type Setting } from "@tse/service-kit";
import { EXCHANGE_SETTINGS, isLoopback } from "../../src/config.ts";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const settings: readonly Setting<unknown>[] = Object.values(EXCHANGE_SETTINGS);

/** The first name of a variable; others are aliases. */
const nameOf = ({ env }: Setting<unknown>): string | undefined => [env ?? []].flat()[0];

/** What `.env.example` says that holds when nobody sets it, above what other services have of their own. */
const [common = ""] = read("../../../../.env.example").split("# === ");
const documented = new Map(
  [...common.matchAll(/^#([A-Z_]+)=(.*)$/gm)].map(([, name, text]) => [
    name as string,
    text as string,
  ]),
);

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

describe("The configuration", () => {
  it("is documented in .env.example, every variable with its true default", () => {
    const names = settings.flatMap((setting) => nameOf(setting) ?? []);
    assert.deepEqual([...documented.keys()].toSorted(), names.toSorted());
    for (const setting of settings) {
      const standard = documented.get(nameOf(setting) ?? "") ?? "";
      if (standard === "") continue;
      const parsed = setting.parser.parse(standard);
      assert.notEqual(parsed, undefined, `${nameOf(setting)}=${standard} fits`);
      if (setting.default !== undefined) assert.equal(parsed, setting.default);
    }
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

  it("takes aliases, and a flag before a variable", () => {
    const environment = { EXCHANGE_PORT: "9000", WORLD_SEED: "7" };
    const config = readConfig(EXCHANGE_SETTINGS, { environment, argv: ["--seed", "8"] });
    assert.deepEqual([config.port, config.seed], [9000, "8"]);
  });

  it("reads a secret key from hex and from base64", () => {
    const key = Buffer.alloc(32, 0xab);
    for (const SECRET_KEY of [key.toString("hex"), key.toString("base64")]) {
      const config = readConfig(EXCHANGE_SETTINGS, { environment: { SECRET_KEY } });
      assert.deepEqual(config.secretKey, key);
    }
  });

  it("puts the admin listener 100 ports above, on a free port beside a free port", () => {
    assert.equal(adminPortOf({ port: 8085, adminPort: undefined }), 8185);
    assert.equal(adminPortOf({ port: 0, adminPort: undefined }), 0);
    assert.equal(adminPortOf({ port: 8085, adminPort: 9 }), 9);
    assert.equal(adminPortOf({ port: 65_535, adminPort: undefined }), 65_435);
  });

  it("knows which hosts only this machine reaches", () => {
    for (const host of ["127.0.0.1", "127.1.2.3", "localhost", "::1"]) assert.ok(isLoopback(host));
    for (const host of ["0.0.0.0", "::", "192.168.0.1", "1270.0.0.1", "localhost.example"]) {
      assert.ok(!isLoopback(host), host);
    }
  });
});
