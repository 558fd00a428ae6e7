import { type Clock, duration } from "@tse/domain";
import { StorageError } from "../errors.ts";

/**
 * What `work` gives, unless it takes too long. The work itself goes on: its end is ignored.
 *
 * @param clock real time, also where the world's time is virtual
 * @throws StorageError `storage_unavailable` after `limitMs`
 */
export function within<Result>(
  clock: Clock,
  limitMs: number,
  work: Promise<Result>,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(duration(limitMs * 1000), () =>
      reject(new StorageError("storage_unavailable", `no answer within ${limitMs} ms`)),
    );
    work.then(resolve, reject).finally(() => timer.cancel());
  });
}
