export {
  bytes,
  type Column,
  decimal,
  flag,
  instant,
  int4,
  int8,
  int8Whole,
  isUuid,
  json,
  matching,
  money,
  oneOf,
  optional,
  rate,
  sha256,
  text,
  texts,
  uuid,
} from "./column.ts";
export type { Json, JsonObject } from "./json.ts";
export { MemoryDatabase } from "./memory-database.ts";
export { type Filters, list, type Page, type PageRequest, page } from "./page.ts";
export {
  found,
  items,
  lastOfEach,
  only,
  type RepositoryParts,
  saying,
} from "./repository.ts";
export type { Addition, Draft, Rows, Session } from "./rows.ts";
export {
  above,
  among,
  atLeast,
  below,
  type Condition,
  equal,
  inEither,
  noMoreThan,
  type Position,
  type Selection,
} from "./selection.ts";
export { SqlSession } from "./sql-session.ts";
export {
  type Columns,
  columnName,
  type Field,
  type Reference,
  type Sort,
  type Table,
  type Unique,
} from "./table.ts";
export { uuidV7 } from "./uuid-v7.ts";
export type { View } from "./view.ts";
