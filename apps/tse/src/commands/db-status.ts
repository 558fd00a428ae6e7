import { formatTime } from "@tse/service-kit";
import { type MigrationState, migrationStatus } from "@tse/storage";
import { command } from "../command.ts";
import { jsonLine, table } from "../readable.ts";
import { JSON_SETTING, STORE_SETTINGS, type StorePlace } from "../settings.ts";
import { type OpenStore, openStore, type StoredSchema, schemasOf } from "../stores.ts";

interface Row extends MigrationState {
  readonly adapter: string;
  readonly schema: string;
}

/** Shows how a database stands to what this program knows; changes nothing. */
export const dbStatus = command({
  verb: "db status",
  about: "show which migrations the database has, and whether each is as it was applied",
  settings: { ...STORE_SETTINGS, json: JSON_SETTING },
  async run(config, terminal) {
    await using store = await openStore(config, { isMade: false });
    const rows: Row[] = [];
    for (const schema of schemasOf(config)) rows.push(...(await statusOf(schema, config, store)));
    terminal.output.write(
      config.json ? jsonLine({ migrations: rows.map(forMachines) }) : text(rows, store),
    );
    return rows.some(({ state }) => state === "changed" || state === "unknown") ? 1 : 0;
  },
});

async function statusOf(
  { adapter, nameOf, migrations }: StoredSchema,
  place: StorePlace,
  store: OpenStore | undefined,
): Promise<readonly Row[]> {
  const schema = nameOf(place);
  const known = await migrations();
  if (store === undefined) {
    const pending = { state: "pending", appliedAt: undefined } as const;
    return known.map(({ version, name }) => ({ adapter, schema, version, name, ...pending }));
  }
  const database = store.open(schema);
  try {
    const states = await migrationStatus(database, known);
    return states.map((state) => ({ adapter, schema, ...state }));
  } finally {
    await database.close();
  }
}

function forMachines({ appliedAt, ...row }: Row) {
  return { ...row, appliedAt: appliedAt === undefined ? null : formatTime(appliedAt) };
}

/** What each state means for who reads it. */
const STATES = {
  applied: "applied",
  pending: "pending: the next start, or tse db migrate, applies it",
  changed: "CHANGED: its text is not the one that was applied",
  unknown: "UNKNOWN: a newer program applied it",
} as const satisfies Record<MigrationState["state"], string>;

function text(rows: readonly Row[], store: OpenStore | undefined): string {
  const cells = rows.map(({ adapter, schema, version, name, state, appliedAt }) => [
    adapter,
    schema,
    String(version),
    name,
    appliedAt === undefined ? "" : formatTime(appliedAt),
    STATES[state],
  ]);
  const where = store === undefined ? "there is no database yet" : `in ${store.name}`;
  return `\n  Migrations ${where}\n\n${table(COLUMNS, cells)}\n`;
}

const COLUMNS = [
  { title: "Adapter" },
  { title: "Schema" },
  { title: "Version", isFigure: true },
  { title: "Name" },
  { title: "Applied at" },
  { title: "State" },
];
