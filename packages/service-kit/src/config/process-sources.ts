import { readFileSync } from "node:fs";
import process from "node:process";
import { parseEnv } from "node:util";
import { type ConfigSources, InvalidConfiguration } from "./read-config.ts";

/** The process's own arguments and environment, and `.env` when there is one. The only place that looks. */
export function processSources(options: { readonly envFile?: string } = {}): ConfigSources {
  return {
    argv: process.argv.slice(2),
    // biome-ignore lint/style/noProcessEnv: this is the one place
    environment: process.env,
    envFile: readEnvFile(options.envFile ?? ".env"),
  };
}

function readEnvFile(path: string): Readonly<Record<string, string | undefined>> {
  try {
    return parseEnv(readFileSync(path, "utf8"));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new InvalidConfiguration([`${path} can't be read`], { cause });
  }
}
