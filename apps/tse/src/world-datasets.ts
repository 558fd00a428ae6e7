import { FILE_LIMITS, fileChunks } from "@tse/market-data-simulator";
import { askWorld, unexpected } from "./ask-world.ts";
import { countText } from "./readable.ts";
import { Refused } from "./refused.ts";
import type { Access } from "./settings.ts";

/** A data set as the admin listener shows it. */
export interface ShownDataset {
  readonly dataset_id: string;
  readonly name: string;
  readonly symbol: string;
  readonly kind: "CANDLES" | "TICKS";
  readonly interval: string | null;
  readonly source: string;
  /** SHA-256 of what was imported. */
  readonly checksum: string;
  readonly points: number;
  readonly first_at: string;
  readonly last_at: string;
  readonly skipped_rows: number;
  readonly imported_at: string;
}

/** The same as the command line's own JSON. */
export function forMachines(dataset: ShownDataset) {
  const { name, symbol, kind, interval, source, checksum } = dataset;
  return {
    ...{ name, symbol, kind, interval, source, checksum },
    rows: dataset.points,
    from: dataset.first_at,
    to: dataset.last_at,
    skippedRows: dataset.skipped_rows,
    importedAt: dataset.imported_at,
  };
}

export interface ImportAsked {
  /** Admin listener of the world that gets it. */
  readonly url: string;
  readonly file: string;
  readonly content: string;
  readonly name: string;
  readonly symbol: string;
  readonly source: string;
  readonly skipBad: boolean;
}

/** Where the market-data service of a world listens for its operator. */
export const MARKET_ADMIN = "http://127.0.0.1:8186";
/** Problems that are told one by one. */
const TOLD = 20;

/**
 * The text of a file as it is imported; unpacked when its name ends in `.gz`.
 *
 * @throws Refused for a file that no world takes; the system's own error
 */
export async function readContent(file: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of fileChunks(file)) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > FILE_LIMITS.bytes) {
        throw new Refused(`${file}: has more than ${countText(FILE_LIMITS.bytes)} bytes`);
      }
    }
    if (bytes === 0) throw new Refused(`${file}: is empty`);
    // A byte order mark is a part of what the checksum is of.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    if (cause instanceof Refused || (cause instanceof Error && "syscall" in cause)) throw cause;
    const rule = cause instanceof TypeError ? "is not UTF-8 text" : "can't be unpacked";
    throw new Refused(`${file}: ${rule}`, { cause });
  }
}

/**
 * Gives a running world a data set.
 *
 * @returns it, and whether it is new: the same content is kept once for a symbol
 * @throws Refused naming each bad line
 */
export async function importContent(
  asked: ImportAsked,
  access: Access,
): Promise<ShownDataset & { readonly imported: boolean }> {
  const { url, content, name, symbol, source, skipBad } = asked;
  const body = JSON.stringify({ name, symbol, source, content, skip_bad: skipBad });
  const response = await askWorld({ url, path: "/admin/datasets", body }, access);
  if (response.ok) return (await response.json()) as ShownDataset & { readonly imported: boolean };
  if (response.headers.get("content-type") !== "application/problem+json") {
    return await unexpected(response);
  }
  const problem = (await response.json()) as ShownProblem;
  if (problem.code === "not_found") throw new Refused(wrongListener(url));
  throw new Refused(told(asked, problem));
}

/** The data sets of a running world, newest first. @throws Refused */
export async function listDatasets(url: string, access: Access): Promise<readonly ShownDataset[]> {
  const all: ShownDataset[] = [];
  let query = "";
  for (;;) {
    const response = await askWorld({ url, path: `/admin/datasets${query}` }, access);
    if (response.status === 404) throw new Refused(wrongListener(url));
    if (!response.ok) return await unexpected(response);
    const page = (await response.json()) as {
      readonly datasets: readonly ShownDataset[];
      readonly next_cursor: string | null;
    };
    all.push(...page.datasets);
    if (page.next_cursor === null) return all;
    query = `?${new URLSearchParams({ cursor: page.next_cursor })}`;
  }
}

function wrongListener(url: string): string {
  return `${url} keeps no data sets: the admin listener of the market-data service does, usually ${MARKET_ADMIN}`;
}

/** As much of a problem as is told. */
interface ShownProblem {
  readonly code: string;
  readonly title: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

function told({ file, name, symbol }: ImportAsked, problem: ShownProblem): string {
  const { code, title, detail = title, errors = [] } = problem;
  if (code === "name_taken") return `--name ${name}: another data set has this name`;
  if (code === "symbol_not_found") return `--symbol ${symbol}: there is no such symbol`;
  const lines = errors.map(({ field, message }) =>
    field === "content" ? `${file}: ${message}` : `--${field} ${message}`,
  );
  if (lines.length === 0) return `${file}: ${detail}`;
  if (code !== "bad_rows") return lines.join("\n");
  const others = lines.length > TOLD ? ["…"] : [];
  const end = `${detail}, and nothing was imported: --skip-bad leaves them out`;
  return [...lines.slice(0, TOLD), ...others, end].join("\n");
}
