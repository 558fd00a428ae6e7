import { assert } from "@tse/domain";
import { StorageError } from "@tse/storage";
import { equal, type RepositoryParts, type Rows } from "@tse/storage/rows";
import type { ProjectionPosition, ProjectionStep } from "./projection-position.ts";
import { projectionTable } from "./projection-table.ts";

/** Positions of projections, written in the same unit of work as the rows that they are about. */
export class ProjectionRepository {
  readonly #parts: RepositoryParts;
  readonly #rows: Rows<ProjectionPosition>;

  constructor(parts: RepositoryParts) {
    this.#parts = parts;
    this.#rows = parts.session.rows(projectionTable);
  }

  /** `undefined` before the first step. */
  async get(projection: string): Promise<ProjectionPosition | undefined> {
    const where = [equal<ProjectionPosition>("projection")(projection)];
    const [position] = await this.#rows.find({ where });
    return position;
  }

  /**
   * Moves a projection on, in one statement that names where it has to stand.
   *
   * @throws StorageError `storage_conflict` when it stands elsewhere or in another world: someone else
   *   writes too, or this is another world's database. Roll back and stop.
   */
  async advance({ projection, worldId, expected, last }: ProjectionStep): Promise<void> {
    assert(last > expected && expected >= 0, "a projection only moves on");
    const moved = { lastSequence: last, updatedAt: this.#parts.clock.now() };
    if (expected === 0) {
      await this.#begin({ projection, worldId, ...moved });
      return;
    }
    const rows = await this.#rows.update(
      [
        equal<ProjectionPosition>("projection")(projection),
        equal<ProjectionPosition>("worldId")(worldId),
        equal<ProjectionPosition>("lastSequence")(expected),
      ],
      moved,
    );
    if (rows.length === 0) throw elsewhere(projection, expected);
  }

  async #begin(position: ProjectionPosition): Promise<void> {
    try {
      await this.#rows.insert([position]);
    } catch (cause) {
      if (!(cause instanceof StorageError) || cause.code !== "already_exists") throw cause;
      throw elsewhere(position.projection, 0, cause);
    }
  }
}

function elsewhere(projection: string, expected: number, cause?: StorageError): StorageError {
  const message = `projection ${projection} does not stand at ${expected}`;
  return new StorageError("storage_conflict", message, cause && { cause });
}
