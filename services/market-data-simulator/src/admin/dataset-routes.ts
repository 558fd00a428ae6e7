import type { Dataset, MarketDataRepositories } from "@tse/market-data-adapter";
import { formatTime, type HttpHost, Problem, validationFailed } from "@tse/service-kit";
import { z } from "zod";
import { stored, storedPage } from "../api/history-routes.ts";
import { symbolNamed } from "../api/price-routes.ts";
import {
  type ImportOutcome,
  type ImportRefusal,
  importDataset,
} from "../datasets/import-dataset.ts";
import { FILE_LIMITS } from "../datasets/market-file.ts";
import type { RowProblem } from "../datasets/row-reader.ts";
import type { Feed } from "../feed/feed.ts";

export interface DatasetDeps {
  readonly feed: Feed;
  readonly repositories: Pick<MarketDataRepositories, "datasetRepository">;
}

const tags = ["Datasets"];

/** What a file is as a string of JSON may be longer by its quotes. */
const BODY_BYTES = FILE_LIMITS.bytes + FILE_LIMITS.bytes / 4;

const upload = z.strictObject({
  name: z.string().min(1).max(100),
  symbol: z.string().min(1).max(32),
  source: z
    .string()
    .regex(/^\P{Cc}{1,100}$/u, "is 1 to 100 characters that can be shown")
    .default("upload"),
  content: z.string().min(1),
  skip_bad: z.boolean().default(false),
});

const PAGE = 100;
const NOT_IMPORTED =
  "Nothing was imported: storage is starting or away; try again when it is there";

const page = z.strictObject({ cursor: z.string().min(1).max(500).optional() });

/** Imported candles and trades: whole, or not at all. */
export function datasetRoutes(app: HttpHost, { feed, repositories }: DatasetDeps): void {
  app.get("/admin/datasets", { schema: { tags, querystring: page } }, async ({ query }) => {
    const { cursor } = query;
    const found = await storedPage({ limit: PAGE, cursor }, (asked) =>
      repositories.datasetRepository.query(asked),
    );
    return { datasets: found.items.map(renderDataset), next_cursor: found.nextCursor ?? null };
  });
  app.post(
    "/admin/datasets",
    { schema: { tags, body: upload }, bodyLimit: BODY_BYTES },
    async ({ body }, reply) => {
      const { name, source, content, skip_bad: skipBad } = body;
      const { symbol } = symbolNamed(feed, body.symbol);
      const request = { name, symbol, source, skipBad };
      const outcome = await stored(
        () => importDataset(repositories, request, chunksOf(content)),
        NOT_IMPORTED,
      );
      const dataset = storedOf(outcome);
      const isNew = outcome.status === "imported";
      return reply.code(isNew ? 201 : 200).send({ ...renderDataset(dataset), imported: isNew });
    },
  );
}

async function* chunksOf(content: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(content, "utf8");
}

/** @throws Problem with each bad row's line, field and rule */
function storedOf(outcome: ImportOutcome): Dataset {
  if (outcome.status !== "refused") return outcome.dataset;
  throw refusedImport(outcome.refusal, outcome.report?.problems ?? []);
}

function refusedImport(refusal: ImportRefusal, problems: readonly RowProblem[]): Problem {
  switch (refusal.code) {
    case "invalid_name":
      return validationFailed([{ field: "name", rule: "pattern", message: refusal.rule }]);
    case "name_taken":
      return new Problem({
        status: 409,
        code: "name_taken",
        title: "Another dataset has this name",
      });
    default:
      return new Problem({
        status: refusal.code === "file_too_large" ? 413 : 400,
        code: refusal.code,
        title: "The file can't be imported, and nothing of it was",
        ...(refusal.code === "bad_rows" && { detail: badRows(refusal.badRows) }),
        errors: messagesOf(refusal, problems).map((message) => ({
          field: "content",
          rule: refusal.code,
          message,
        })),
      });
  }
}

function badRows(count: number): string {
  return count === 1 ? "1 row is bad" : `${count} rows are bad`;
}

function messagesOf(
  refusal: Exclude<ImportRefusal, { code: "invalid_name" | "name_taken" }>,
  problems: readonly RowProblem[],
): readonly string[] {
  switch (refusal.code) {
    case "bad_rows":
      return problems.map(sentence);
    case "file_too_large":
      return [`has more than ${refusal.bytes} bytes`];
    case "too_many_rows":
      return [`has more than ${refusal.rows} rows`];
    case "no_rows":
      return ["has no rows"];
    default:
      return [sentence(refusal.problem)];
  }
}

/** `line 4: timestamp is after that of the row in front, not "1767571260"` */
function sentence({ line, field, rule, value }: RowProblem): string {
  return `line ${line}: ${field} ${rule}${value === undefined ? "" : `, not "${value}"`}`;
}

function renderDataset(dataset: Dataset) {
  const { datasetId, name, symbol, kind, interval, source, checksum, points } = dataset;
  return {
    dataset_id: datasetId,
    name,
    symbol,
    kind,
    interval: interval ?? null,
    source,
    checksum,
    points,
    first_at: formatTime(dataset.firstAt),
    last_at: formatTime(dataset.lastAt),
    skipped_rows: dataset.metadata?.skippedRows ?? 0,
    imported_at: formatTime(dataset.importedAt),
  };
}
