import { randomUUID } from "node:crypto";
import { openPostgres } from "@tse/storage";
import { openTestRedis } from "@tse/storage/testing";

/** Where a world's history goes, as the service's environment says it. */
export interface TestStore {
  readonly environment: Readonly<Record<string, string>>;
  /** Deletes what was stored on servers. */
  remove(): Promise<void>;
}

/** In the world's own directory, or its process: `embedded` or `memory`. */
export function localStore(kind: string): TestStore {
  return { environment: { STORE: kind }, async remove() {} };
}

/** A schema and a namespace that nobody else uses, on the servers that tests may use. */
export async function serverStore(): Promise<TestStore> {
  const url = process.env.TEST_POSTGRES_URL ?? "";
  if (url === "") throw new Error("TEST_POSTGRES_URL is not set");
  const redis = await openTestRedis();
  const schema = `torture_${randomUUID().replaceAll("-", "")}`;
  return {
    environment: {
      STORE: "postgres",
      POSTGRES_URL: url,
      SCHEMA_NAME: schema,
      REDIS_URL: redis.url,
      REDIS_NAMESPACE: redis.namespace,
      SERVICE_REGISTRY_NAMESPACE: redis.registryNamespace,
    },
    remove: async () => {
      await redis.close();
      const database = openPostgres({ url, schema, pool: { connectionsMax: 1 } });
      await database.db.schema.dropSchema(schema).ifExists().cascade().execute();
      await database.close();
    },
  };
}
