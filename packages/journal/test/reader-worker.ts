/** Reads a journal in a thread of its own, as far as it is told that it is durable. */
import { createHash } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import type { Sequence } from "@tse/domain";
import { FileCommandReader, NodeDisk } from "../src/index.ts";

const reader = new FileCommandReader(new NodeDisk(workerData as string));
const hash = createHash("sha256");
let next = 1;
let reading: Promise<void> = Promise.resolve();

parentPort?.on("message", (durable: number) => {
  reading = reading.then(() => readTo(durable));
});

async function readTo(durable: number): Promise<void> {
  for await (const run of reader.read(next as Sequence, durable as Sequence)) {
    for (const entry of run) {
      hash.update(JSON.stringify(entry));
      next = entry.sequence + 1;
    }
  }
  parentPort?.postMessage({ read: next - 1, hash: hash.copy().digest("hex") });
}
