/**
 * Proof that the lint fires. `broken/` is laid out like the repository; a line there that breaks
 * rules says so at its end, `// breaks noConsole`. Biome checks a copy of it under the real
 * configuration and must report exactly the marked lines: a rule that went quiet fails, and so does
 * one that fires where it should not.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cp, glob, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";

const root = join(import.meta.dirname, "..");
const LONGEST_FILE = 400;

interface Override {
  readonly includes: readonly string[];
  readonly linter?: { readonly rules?: RuleGroups };
}

type RuleGroups = Readonly<Record<string, unknown>>;

interface Config {
  readonly linter: { readonly rules: RuleGroups };
  readonly overrides: readonly Override[];
}

/** What Biome's GitLab reporter prints of one diagnostic: the flattest of its formats. */
interface Diagnostic {
  readonly check_name: string;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

/** `path:line rule`, what is marked and what Biome reports alike. */
type Finding = string;

describe("the lint rules", () => {
  let tree: string;
  let config: Config;
  let marked: readonly Finding[];
  let reported: readonly Finding[];

  before(async () => {
    tree = await mkdtemp(join(tmpdir(), "lint-"));
    config = JSON.parse(await readFile(join(root, "biome.json"), "utf8"));
    await layOut(tree);
    marked = await marks(tree);
    reported = lint(tree);
  });

  after(() => rm(tree, { recursive: true }));

  it("report exactly the lines that are marked as broken", () => {
    assert.deepEqual(reported, marked);
  });

  it("are each broken by a line", () => {
    const broken = new Set(marked.map(ruleOf));
    const configured = [config.linter.rules, ...config.overrides.map(rulesOf)].flatMap(enforced);
    assert.ok(configured.length > 20);
    assert.deepEqual(
      configured.filter((rule) => !broken.has(rule)),
      [],
    );
  });

  it("deny every listed global on the pure floors", async () => {
    const path = "packages/domain/src/globals.ts";
    const lines = (await readFile(join(tree, path), "utf8")).split("\n");
    const caught = new Set(
      reported
        .filter((finding) => finding.startsWith(path))
        .map((finding) => lines[lineOf(finding) - 1]?.match(/\w+/)?.[0]),
    );
    const denied = config.overrides.flatMap(deniedGlobals);
    assert.ok(denied.length > 20);
    assert.deepEqual(
      denied.filter((name) => !caught.has(name)),
      [],
    );
  });

  it("keep every layer from importing upwards, and every pure floor from chance", () => {
    for (const override of config.overrides) {
      const rules = enforced(rulesOf(override));
      if ("plugins" in override) rules.push("plugin");
      for (const include of override.includes) {
        const folder = include.replace("*/src/**", "").replace("**", "");
        const broken = marked.filter((finding) => finding.startsWith(folder)).map(ruleOf);
        for (const rule of rules) assert.ok(broken.includes(rule), `${rule} in ${include}`);
      }
    }
  });

  it("pass the domain as it is", async () => {
    const clean = await mkdtemp(join(tmpdir(), "lint-"));
    try {
      await copyConfiguration(clean);
      await cp(join(root, "packages/domain/src"), join(clean, "packages/domain/src"), {
        recursive: true,
      });
      assert.deepEqual(lint(clean), []);
    } finally {
      await rm(clean, { recursive: true });
    }
  });
});

/** The repository in small: the real configuration and manifests around the broken files. */
async function layOut(tree: string): Promise<void> {
  await copyConfiguration(tree);
  await cp(join(root, "lint/broken"), tree, { recursive: true });
  const lines = Array.from(
    { length: LONGEST_FILE + 1 },
    (_, index) => `export const n${index} = 0;`,
  );
  lines[0] += " // breaks noExcessiveLinesPerFile";
  await writeFile(join(tree, "packages/service-kit/src/long-file.ts"), lines.join("\n"));
}

async function copyConfiguration(tree: string): Promise<void> {
  const paths = [".gitignore", "biome.json", "package.json"];
  for await (const path of glob(
    ["{packages,services,apps}/*/package.json", "{bench,features}/package.json"],
    {
      cwd: root,
    },
  )) {
    paths.push(path);
  }
  for await (const path of glob("lint/*.grit", { cwd: root })) paths.push(path);
  for (const path of paths) await cp(join(root, path), join(tree, path));
}

async function marks(tree: string): Promise<Finding[]> {
  const found: Finding[] = [];
  for await (const path of glob("**/*.ts", { cwd: tree })) {
    const lines = (await readFile(join(tree, path), "utf8")).split("\n");
    for (const [index, line] of lines.entries()) {
      const rules = line.match(/\/\/ breaks ([\w ]+)$/)?.[1]?.split(" ") ?? [];
      for (const rule of rules) found.push(`${path}:${index + 1} ${rule}`);
    }
  }
  return found.sort();
}

function lint(tree: string): Finding[] {
  const biome = join(
    dirname(createRequire(import.meta.url).resolve("@biomejs/biome/package.json")),
    "bin/biome",
  );
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [biome, "lint", "--reporter=gitlab", "--max-diagnostics=none", "."],
    { cwd: tree, encoding: "utf8" },
  );
  assert.ok(stdout.startsWith("["), `biome reports: ${stderr}`);
  const diagnostics: Diagnostic[] = JSON.parse(stdout);
  const findings = diagnostics.map(({ check_name, location }) => {
    const rule = check_name.split("/").at(-1);
    return `${location.path}:${location.lines.begin} ${rule}`;
  });
  return [...new Set(findings)].sort();
}

const ruleOf = (finding: Finding): string => finding.split(" ")[1] as string;
const lineOf = (finding: Finding): number => Number(finding.match(/:(\d+) /)?.[1]);
const rulesOf = (override: Override): RuleGroups => override.linter?.rules ?? {};

/** Names of the rules that a configuration turns on by name. */
function enforced(groups: RuleGroups): string[] {
  return Object.values(groups).flatMap((group) =>
    typeof group !== "object" || group === null
      ? []
      : Object.entries(group)
          .filter(([, level]) => level === "error" || level?.level === "error")
          .map(([rule]) => rule),
  );
}

function deniedGlobals(override: Override): string[] {
  const { style } = rulesOf(override) as {
    style?: { noRestrictedGlobals?: { options: { deniedGlobals: Record<string, string> } } };
  };
  return Object.keys(style?.noRestrictedGlobals?.options.deniedGlobals ?? {});
}
