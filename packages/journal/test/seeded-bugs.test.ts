import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { FileCommandLog } from "../src/index.ts";
import { journalWithForeignFrame, openJournal } from "./journal-on-disk.ts";
import { torture } from "./torture.ts";

/** A bug: in `file`, `right` is replaced by `wrong`. */
interface Bug {
  readonly name: string;
  readonly file: string;
  readonly right: string;
  readonly wrong: string;
}

const BUGS: readonly Bug[] = [
  {
    name: "writes without waiting for the device",
    file: "segment-writer.ts",
    right: 'await disk.open(segmentName(number), "write");\n    await writeWhole(file, bytes, 0)',
    wrong: 'await disk.open(segmentName(number), "read");\n    await writeWhole(file, bytes, 0)',
  },
  {
    name: "acknowledges before the write",
    file: "file-command-log.ts",
    right: "await this.#writer.write(frames.written)",
    wrong: "void this.#writer.write(Buffer.from(frames.written))",
  },
  {
    name: "writes into a segment whose name is not durable",
    file: "segment-maker.ts",
    right: "await disk.flushNames();",
    wrong: "",
  },
  {
    name: "trusts the system's cache when it opens",
    file: "repair.ts",
    right: "await file.flush();",
    wrong: "",
  },
  {
    name: "keeps half of an append",
    file: "recovery.ts",
    right: "if (walk.link.appendGoesOn) continue;",
    wrong: "",
  },
  {
    name: "takes a write that ended early for a whole one",
    file: "segment-writer.ts",
    right: "written !== bytes.length",
    wrong: "written < 0",
  },
  {
    name: "goes on after a failed write",
    file: "file-command-log.ts",
    right: "this.#failure ??= new",
    wrong: "const _ = new",
  },
  {
    name: "notes a wrong end of the segment before",
    file: "segment-writer.ts",
    right: "previousBytes: this.#position,",
    wrong: "previousBytes: this.#position - 8,",
  },
  {
    name: "forgets the epoch when it opens",
    file: "file-command-log.ts",
    right: "this.epoch = end.link.epoch + 1;",
    wrong: "this.epoch = Math.max(1, end.link.epoch);",
  },
  {
    name: "releases one segment too many",
    file: "file-command-log.ts",
    right: "next.link.sequence >= before",
    wrong: "next.link.sequence > before",
  },
  {
    name: "takes a torn write for damage",
    file: "frame.ts",
    right: "readWrite(bytes, at) > nextWrite(link)",
    wrong: "readWrite(bytes, at) >= nextWrite(link)",
  },
  {
    name: "does not check what a frame holds",
    file: "frame.ts",
    right: "return checksum === u32(bytes, at + AT.checksum) ? size : 0;",
    wrong: "return checksum >= 0 ? size : 0;",
  },
  {
    name: "sets room aside without counting it",
    file: "file-command-log.ts",
    right: "this.#reserved += bytes;",
    wrong: "",
  },
];

/** As many seeds as it may take to run into a bug. */
const SEEDS = 300;

const SOURCE = fileURLToPath(new URL("../src", import.meta.url));
const MODULES = fileURLToPath(new URL("../../../node_modules", import.meta.url));

describe("the torture of a journal with a bug", () => {
  const root = mkdtempSync(path.join(tmpdir(), "journal-bugs-"));
  symlinkSync(MODULES, path.join(root, "node_modules"));
  after(() => rmSync(root, { recursive: true }));

  async function journalWith({ file, right, wrong }: Bug, place: string) {
    const directory = path.join(root, place);
    cpSync(SOURCE, directory, { recursive: true });
    const target = path.join(directory, file);
    const source = readFileSync(target, "utf8");
    assert.equal(source.split(right).length, 2, "the right code is there, once");
    writeFileSync(target, source.replace(right, wrong));
    const url = pathToFileURL(path.join(directory, "file-command-log.ts"));
    return (await import(url.href)) as { FileCommandLog: typeof FileCommandLog };
  }

  it("is not needed when it does not chain its checksums: a frame of another history shows it", async () => {
    const unchained = {
      name: "does not chain its checksums",
      file: "crc32.ts",
      right: "let c = ~seed;",
      wrong: "let c = ~0 + 0 * seed;",
    };
    const { FileCommandLog: broken } = await journalWith(unchained, "unchained");
    const { disk } = await journalWithForeignFrame(broken);
    const log = await openJournal(disk, broken);
    assert.equal(log.lastSequence, 20, "it takes the frame for its own");
  });

  for (const [i, bug] of BUGS.entries()) {
    it(`fails when it ${bug.name}`, async () => {
      const { FileCommandLog: broken } = await journalWith(bug, String(i));
      for (let seed = 1; seed <= SEEDS; seed++) {
        if (
          await torture(seed, broken).then(
            () => false,
            () => true,
          )
        )
          return;
      }
      assert.fail(`${SEEDS} seeds passed`);
    });
  }
});
