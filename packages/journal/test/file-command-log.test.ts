import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { after, describe } from "node:test";
import { FileCommandLog, NodeDisk } from "../src/index.ts";
import { commandLogContract } from "./command-log.contract.ts";
import { FaultyDisk, systemError } from "./faulty-disk.ts";

describe("FileCommandLog on a real disk", () => {
  const root = mkdtempSync(path.join(tmpdir(), "journal-"));
  after(() => rmSync(root, { recursive: true }));
  let next = 0;

  commandLogContract("file", async () => {
    const disk = new FaultyDisk(new NodeDisk(path.join(root, String(next++))));
    const log = await FileCommandLog.open({ disk, segmentBytes: 64 * 1024 });
    return {
      log,
      failWrites() {
        disk.fault = ({ operation }) => (operation === "write" ? systemError("EIO") : undefined);
      },
    };
  });
});
