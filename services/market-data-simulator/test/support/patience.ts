import { setTimeout as wait } from "node:timers/promises";

/** What a test waits for comes soon or never; a busy machine may take a while. */
const PATIENCE_MS = 30_000;
/** Between two looks at what tells nobody that it changed. */
const LOOK_AGAIN_MS = 10;

export async function within<Result>(what: string, promise: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not come`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** For what can only be looked at: until it is so. Rejects when it isn't for too long. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = new AbortController();
  const looking = async () => {
    while (!end.signal.aborted && !(await isSo())) await wait(LOOK_AGAIN_MS);
  };
  try {
    await within(what, looking());
  } finally {
    end.abort();
  }
}
