import process from "node:process";

/** Writes to standard output. Whoever reads it may go away: what is said then is lost, and nothing else. */
export function print(text: string): void {
  process.stdout.write(text);
}

/** Lets the process outlive its reader. */
export function outliveReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}
