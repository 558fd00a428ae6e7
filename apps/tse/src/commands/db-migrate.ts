import { type Migration, migrate } from "@tse/storage";
import { command } from "../command.ts";
import { ProgressLine } from "../progress.ts";
import { jsonLine } from "../readable.ts";
import { JSON_SETTING, STORE_SETTINGS, type StorePlace } from "../settings.ts";
import { type OpenStore, openStore, type StoredSchema, schemasOf } from "../stores.ts";
import type { Terminal } from "../terminal.ts";

/** Brings a database up to this program, as a start would. */
export const dbMigrate = command({
  verb: "db migrate",
  about: "apply the migrations that the database lacks, as its one writer",
  settings: { ...STORE_SETTINGS, json: JSON_SETTING },
  async run(config, terminal) {
    await using store = await openStore(config, { isMade: true });
    const applied = [];
    for (const schema of schemasOf(config)) {
      for (const { version, name } of await migrateSchema(schema, config, {
        store: store as OpenStore,
        terminal,
      })) {
        applied.push({ adapter: schema.adapter, schema: schema.nameOf(config), version, name });
      }
    }
    if (config.json) terminal.output.write(jsonLine({ applied }));
    else if (applied.length === 0)
      terminal.output.write("the database has every migration already\n");
    for (const { schema, version, name } of config.json ? [] : applied) {
      terminal.output.write(`applied to ${schema}: migration ${version} (${name})\n`);
    }
    return 0;
  },
});

async function migrateSchema(
  { nameOf, migrations }: StoredSchema,
  place: StorePlace,
  { store, terminal }: { readonly store: OpenStore; readonly terminal: Terminal },
): Promise<readonly Migration[]> {
  const database = store.open(nameOf(place));
  const progress = new ProgressLine(terminal.notes);
  try {
    const known = await migrations();
    const claim = await database.claim(() => {});
    return await migrate(database, {
      migrations: known,
      onProgress: ({ version, name }) =>
        progress.show({
          doing: `applying migration ${version} (${name})`,
          done: version - 1,
          total: known.length,
        }),
    }).finally(() => claim.release());
  } finally {
    progress.end();
    await database.close();
  }
}
