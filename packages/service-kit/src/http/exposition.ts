/** The lines of one metric: its `# HELP` and `# TYPE`, then its samples. */
interface Family {
  readonly head: readonly string[];
  readonly samples: string[];
}

/**
 * Several scrapes as one, in Prometheus' text format. A metric that several of them have stands there
 * once, as the format demands, with the samples of all.
 */
export function mergeExpositions(texts: readonly string[]): string {
  const families = new Map<string, Family>();
  for (const text of texts) {
    for (const block of text.split(/^(?=# HELP )/m)) addBlock(block, families);
  }
  const lines = [...families.values()].flatMap(({ head, samples }) => [...head, ...samples]);
  return `${lines.join("\n")}\n`;
}

function addBlock(block: string, families: Map<string, Family>): void {
  const lines = block.split("\n").filter((line) => line !== "");
  const [, , name] = (lines[0] ?? "").split(" ");
  if (name === undefined) return;
  const samples = lines.filter((line) => !line.startsWith("#"));
  const known = families.get(name);
  if (known === undefined) {
    families.set(name, { head: lines.filter((line) => line.startsWith("#")), samples });
  } else {
    known.samples.push(...samples);
  }
}
