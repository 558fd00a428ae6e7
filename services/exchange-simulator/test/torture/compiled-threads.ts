/**
 * Imported by a process that ends in peace, this leaves what the exchange's threads run in the compile cache:
 * a process that is killed leaves nothing. Outside of its thread each of them fails, compiled by then.
 */
const storage = import.meta.resolve("@tse/storage");
const THREADS = [
  new URL("pglite/pglite-worker.ts", storage),
  new URL("../../src/projection/projection-worker.ts", import.meta.url),
];
for (const { href } of THREADS) await import(href).catch(() => {});
