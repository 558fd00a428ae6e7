import { setImmediate as nextTurn } from "node:timers/promises";
import type { Timestamp } from "@tse/domain";
import { StorageError } from "@tse/storage";
import {
  atLeast,
  below,
  equal,
  type Filters,
  found,
  type Page,
  page,
  type RepositoryParts,
  type Rows,
  type Session,
  saying,
} from "@tse/storage/rows";
import type { Dataset, DatasetPoint, DatasetQuery, NewDataset, PlacedPoint } from "./dataset.ts";
import { datasetPointTable, datasetTable } from "./dataset-table.ts";

const FILTERS: Filters<Dataset, DatasetQuery> = {
  name: equal("name"),
  symbol: equal("symbol"),
  kind: equal("kind"),
  checksum: equal("checksum"),
};

const POINT_FILTERS = {
  datasetId: equal<PlacedPoint>("datasetId"),
  ordinalFrom: atLeast<PlacedPoint>("ordinal"),
  atFrom: atLeast<PlacedPoint>("at"),
  atTo: below<PlacedPoint>("at"),
};

/** Which points of a data set: from a place or from a moment on. */
export interface PointQuery {
  readonly ordinalFrom?: number;
  /** Included. */
  readonly atFrom?: Timestamp;
  /** Excluded. */
  readonly atTo?: Timestamp;
  /** As in every query: 0 or absent gives 100, at most 1,000. */
  readonly limit?: number;
  readonly cursor?: string;
}

/** Points of one statement. Between two of them others have their turn, also where nothing waits for a server. */
const CHUNK = 2_000;
/** Points that are read at once where all of them are wanted. */
const READ = 5_000;

/** Imported history. Lists of data sets are newest first, of points in order of time. */
export class DatasetRepository {
  readonly #parts: RepositoryParts;
  readonly #rows: Rows<Dataset>;
  readonly #points: Rows<PlacedPoint>;

  constructor(parts: RepositoryParts) {
    this.#parts = parts;
    this.#rows = parts.session.rows(datasetTable);
    this.#points = parts.session.rows(datasetPointTable);
  }

  /**
   * Stores a data set with all its points, or nothing.
   *
   * @param points at least one, in strictly increasing order of time
   * @throws StorageError `already_exists` for a name or id in use, `conflict` for points that aren't so
   *   or break a rule of their table
   */
  async create(dataset: NewDataset, points: readonly DatasetPoint[]): Promise<Dataset> {
    const row = this.#complete(dataset, points);
    return this.#parts.session.unit(async (session) => {
      const creation = session.rows(datasetTable).create(row);
      const created = await saying(
        "already_exists",
        `dataset already exists: ${dataset.name}`,
        creation,
      );
      await storePoints(session, created.datasetId, points);
      return created;
    });
  }

  /** @throws StorageError `not_found`, "dataset not found: <id>" */
  async getById(datasetId: string): Promise<Dataset> {
    const [dataset] = await this.#rows.find({ where: [named(datasetId)] });
    return found(dataset, "dataset", datasetId);
  }

  /** @throws StorageError `not_found`, "dataset not found: <name>" */
  async getByName(name: string): Promise<Dataset> {
    const [dataset] = await this.#rows.find({ where: [equal<Dataset>("name")(name)] });
    return found(dataset, "dataset", name);
  }

  /** @throws StorageError `invalid_query` */
  query(query: DatasetQuery): Promise<Page<Dataset>> {
    return page(this.#rows, datasetTable, FILTERS, query);
  }

  /** Its points; none when there is no such data set. @throws StorageError `invalid_query` */
  getPoints(datasetId: string, query: PointQuery = {}): Promise<Page<PlacedPoint>> {
    return page(this.#points, datasetPointTable, POINT_FILTERS, { ...query, datasetId });
  }

  /** All its points in order of time, some thousand at once; none when there is no such data set. */
  async *everyPoint(datasetId: string): AsyncGenerator<readonly PlacedPoint[]> {
    for (let from = 0; ; from += READ) {
      const where = [owner(datasetId), placeFrom(from), placeBelow(from + READ)];
      const sort = [{ field: "ordinal", order: "ASC" }] as const;
      const points = await this.#points.find({ where, sort });
      if (points.length > 0) yield points;
      if (points.length < READ) return;
      await nextTurn();
    }
  }

  /** With its points. @throws StorageError `not_found` */
  async delete(datasetId: string): Promise<void> {
    await this.#parts.session.unit(async (session) => {
      await session.rows(datasetPointTable).delete([equal<PlacedPoint>("datasetId")(datasetId)]);
      const deleted = await session.rows(datasetTable).delete([named(datasetId)]);
      found(deleted === 0 ? undefined : deleted, "dataset", datasetId);
    });
  }

  #complete(dataset: NewDataset, points: readonly DatasetPoint[]): Dataset {
    const first = points[0];
    const last = points.at(-1);
    if (first === undefined || last === undefined || !areInOrder(points)) {
      throw new StorageError(
        "conflict",
        `dataset ${dataset.name}: points are at least one and strictly increasing in time`,
      );
    }
    return {
      interval: undefined,
      metadata: undefined,
      ...dataset,
      datasetId: dataset.datasetId ?? this.#parts.newId(),
      firstAt: first.at,
      lastAt: last.at,
      points: points.length,
      importedAt: this.#parts.clock.now(),
    };
  }
}

const named = equal<Dataset>("datasetId");
const owner = equal<PlacedPoint>("datasetId");
const placeFrom = atLeast<PlacedPoint>("ordinal");
const placeBelow = below<PlacedPoint>("ordinal");

function areInOrder(points: readonly DatasetPoint[]): boolean {
  return points.every(({ at }, i) => i === 0 || at > (points[i - 1] as DatasetPoint).at);
}

async function storePoints(
  session: Session,
  datasetId: string,
  points: readonly DatasetPoint[],
): Promise<void> {
  const rows = session.rows(datasetPointTable);
  for (let from = 0; from < points.length; from += CHUNK) {
    const chunk = points.slice(from, from + CHUNK);
    await rows.insert(chunk.map((point, i) => ({ ...point, datasetId, ordinal: from + i })));
    await nextTurn();
  }
}
