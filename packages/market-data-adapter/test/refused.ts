import assert from "node:assert/strict";
import { type StorageCode, StorageError } from "@tse/storage";

/** Asserts that `work` was refused as it should be. */
export async function refused(code: StorageCode, work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof StorageError, String(error));
    assert.equal(error.code, code, error.message);
    return true;
  });
}

/** An id that no row has. */
export const ABSENT_ID = "00000000-0000-7000-8000-000000000000";
