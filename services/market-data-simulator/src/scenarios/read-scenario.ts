import { definitionFaults, type ScenarioDefinition } from "@tse/market-model";
import {
  type Document,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLMap,
} from "yaml";
import type { z } from "zod";
import { fileDefinition, filePath } from "./file-definition.ts";
import { scenarioFile } from "./scenario-schema.ts";
import { brokenBound } from "./text-bounds.ts";

const MOST_FAULTS = 20;
/** YAML 1.2 has hexadecimal and octal integers. */
const NOT_DECIMAL = /^[-+]?0[xo][\da-f]+$/i;
/** Characters of a field's name that a fault repeats. */
const LONGEST_NAME = 64;

/** What is wrong with a scenario's text: line and column from 1, the field as `effects.0.change`, the rule. */
export interface ScenarioFault {
  readonly line: number;
  readonly column: number;
  readonly field: string;
  readonly rule: string;
}

export type ScenarioReading =
  | { readonly status: "read"; readonly definition: ScenarioDefinition }
  | { readonly status: "malformed"; readonly faults: readonly ScenarioFault[] };

type Path = readonly PropertyKey[];

/**
 * Reads a scenario written in YAML 1.2 (or JSON, which is a part of it). Strict: no unknown or repeated field, no
 * anchor, alias, tag or number that isn't decimal, and within the bounds of `brokenBound`. Names the first twenty faults, in order of the text
 * where they lie.
 */
export function readScenario(text: string): ScenarioReading {
  const bound = brokenBound(text);
  if (bound !== undefined) {
    const before = text.slice(0, bound.at).split("\n");
    const column = (before.at(-1)?.length ?? 0) + 1;
    return malformed([{ line: before.length, column, field: "", rule: bound.rule }]);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    schema: "core",
    // The parser's own search compares each key with all before it; `Places` finds the same faults.
    uniqueKeys: false,
  });
  const located = new Places(document, lines);
  const faults = [...syntaxFaults(document, lines), ...located.foreign()];
  if (faults.length > 0) return malformed(faults);

  const file = scenarioFile.safeParse(document.toJS(), { reportInput: true });
  if (!file.success) return malformed(file.error.issues.flatMap((issue) => located.faults(issue)));
  const definition = fileDefinition(file.data);
  const broken = definitionFaults(definition);
  if (broken.length === 0) return { status: "read", definition };
  return malformed(broken.map(({ path, rule }) => located.fault(filePath(path), rule)));
}

function syntaxFaults(document: Document.Parsed, lines: LineCounter): ScenarioFault[] {
  return [...document.errors, ...document.warnings]
    .slice(0, MOST_FAULTS)
    .map(({ pos, code, message }) => {
      const { line, col } = lines.linePos(pos[0]);
      const rule =
        code === "MULTIPLE_DOCS" ? "a text is one scenario, without a second ---" : message;
      return { line, column: col, field: "", rule };
    });
}

/** Where the fields of a document are. */
class Places {
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;

  constructor(document: Document.Parsed, lines: LineCounter) {
    this.#document = document;
    this.#lines = lines;
  }

  /** What YAML has and a scenario has not. A few aliases can stand for gigabytes. */
  foreign(): ScenarioFault[] {
    const faults: ScenarioFault[] = [];
    const refuse = (node: Node, rule: string) => {
      faults.push(this.#at(node, "", rule));
    };
    visit(this.#document, {
      Alias: (_, node) => refuse(node, "anchors and aliases are not allowed"),
      Value: (_, node) => {
        if (node.anchor !== undefined) refuse(node, "anchors and aliases are not allowed");
        if (node.tag !== undefined) refuse(node, "tags are not allowed");
        if (isMap(node)) this.#checkKeys(node, refuse);
        if (isScalar(node) && NOT_DECIMAL.test(String(node.source)) && node.type === "PLAIN") {
          refuse(node, "numbers are decimal");
        }
      },
    });
    return faults;
  }

  #checkKeys(map: YAMLMap, refuse: (node: Node, rule: string) => void): void {
    const seen = new Set<string>();
    for (const { key } of map.items) {
      if (!isScalar(key)) {
        refuse(isNode(key) ? key : map, "the name of a field is plain text");
        continue;
      }
      const name = String(key.value);
      if (seen.has(name)) refuse(key, `${name.slice(0, LONGEST_NAME)} is given once`);
      seen.add(name);
    }
  }

  fault(path: Path, rule: string): ScenarioFault {
    return this.#at(this.#nearest(path), path.map(String).join("."), rule);
  }

  faults(issue: z.core.$ZodIssue): ScenarioFault[] {
    if (issue.code !== "unrecognized_keys") return [this.fault(issue.path, ruleOf(issue))];
    return issue.keys.slice(0, MOST_FAULTS).map((key) => {
      const field = [...issue.path, key].map(String).join(".");
      return this.#at(this.#keyNode(issue.path, key), field, "there is no such field");
    });
  }

  /** The node at a path, or that of the nearest field around it that is there. */
  #nearest(path: Path): Node | null {
    for (let length = path.length; length > 0; length--) {
      const node = this.#document.getIn(path.slice(0, length), true);
      if (isNode(node)) return node;
    }
    return this.#document.contents;
  }

  #keyNode(path: Path, key: string): Node | null {
    const map = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true);
    if (!isMap(map)) return this.#nearest(path);
    const pair = map.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
    return isScalar(pair?.key) ? pair.key : map;
  }

  #at(node: Node | null, field: string, rule: string): ScenarioFault {
    const { line, col } = this.#lines.linePos(node?.range?.[0] ?? 0);
    return { line, column: col, field, rule };
  }
}

/** Says what must hold rather than what was found. */
function ruleOf(issue: z.core.$ZodIssue): string {
  const isTyped = issue.code === "invalid_type" || issue.code === "invalid_value";
  if (isTyped && issue.input === undefined) return "this field is required";
  if (issue.code === "invalid_value") return `one of ${issue.values.map(String).join(", ")}`;
  if (issue.code === "invalid_type") return `of type ${issue.expected}`;
  if (issue.code === "invalid_union" && issue.message.includes("Expected ")) {
    const options = issue.message.split("Expected ").at(-1) ?? "";
    return `one of ${options.replaceAll("'", "").replaceAll(" | ", ", ")}`;
  }
  return issue.message;
}

function malformed(faults: readonly ScenarioFault[]): ScenarioReading {
  const inOrder = faults.toSorted((a, b) => a.line - b.line || a.column - b.column);
  return { status: "malformed", faults: inOrder.slice(0, MOST_FAULTS) };
}
