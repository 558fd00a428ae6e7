import { instant, int8, type Table, text } from "@tse/storage/rows";
import type { ProjectionPosition } from "./projection-position.ts";

export const projectionTable: Table<ProjectionPosition> = {
  name: "projection_positions",
  columns: {
    projection: text(50),
    worldId: text(64),
    lastSequence: int8(),
    updatedAt: instant(),
  },
  key: ["projection"],
  sorts: ["projection"],
  defaultSort: { field: "projection", order: "ASC" },
};
