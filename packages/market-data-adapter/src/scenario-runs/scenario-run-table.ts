import {
  instant,
  int8Whole,
  json,
  oneOf,
  optional,
  type Table,
  text,
  texts,
  uuid,
} from "@tse/storage/rows";
import { SCENARIO_STATES, type ScenarioRun } from "./scenario-run.ts";

const { fits } = text();
const symbols = texts(fits);

export const scenarioRunTable: Table<ScenarioRun> = {
  name: "scenario_runs",
  columns: {
    scenarioId: uuid(),
    scenarioType: text(50),
    symbols: { ...symbols, accepts: (value) => value.length > 0 && symbols.accepts(value) },
    parameters: json(),
    seed: int8Whole(),
    state: oneOf(SCENARIO_STATES),
    actor: text(255),
    correlationId: optional(text(64)),
    startsAt: instant(),
    endsAt: instant(),
    stoppedAt: optional(instant()),
    createdAt: instant(),
    updatedAt: instant(),
  },
  key: ["scenarioId"],
  checks: [({ startsAt, endsAt }) => endsAt > startsAt],
  sorts: ["startsAt", "endsAt", "createdAt", "scenarioType"],
  defaultSort: { field: "startsAt", order: "DESC" },
};
