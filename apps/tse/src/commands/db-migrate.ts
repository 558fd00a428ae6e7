import process from "node:process";
import { type Migration, migrate } from "@tse/storage";
import { command } from "../command.ts";
import { print } from "../print.ts";
import { ProgressLine } from "../progress.ts";
import { jsonLine } from "../readable.ts";
import { JSON_SETTING, STORE_SETTINGS, type StorePlace } from "../settings.ts";
import { type OpenStore, openStore, SCHEMAS, type StoredSchema } from "../stores.ts";

/** Brings a database up to this program, as a start would. */
export const dbMigrate = command({
  verb: "db migrate",
  about: "apply the migrations that the database lacks, as its one writer",
  settings: { ...STORE_SETTINGS, json: JSON_SETTING },
  async run(config) {
    await using store = await openStore(config, { isMade: true });
    const applied = [];
    for (const schema of SCHEMAS) {
      for (const { version, name } of await migrateSchema(schema, config, store as OpenStore)) {
        applied.push({ adapter: schema.adapter, schema: schema.nameOf(config), version, name });
      }
    }
    if (config.json) print(jsonLine({ applied }));
    else if (applied.length === 0) print("the database has every migration already\n");
    for (const { schema, version, name } of config.json ? [] : applied) {
      print(`applied to ${schema}: migration ${version} (${name})\n`);
    }
    return 0;
  },
});

async function migrateSchema(
  { nameOf, migrations }: StoredSchema,
  place: StorePlace,
  store: OpenStore,
): Promise<readonly Migration[]> {
  const database = store.open(nameOf(place));
  const progress = new ProgressLine(process.stderr);
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
