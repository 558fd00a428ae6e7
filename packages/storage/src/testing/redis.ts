import { randomUUID } from "node:crypto";
import { createClient } from "redis";
import { skipReason, testAddress } from "./test-address.ts";

/** For `describe`'s options: why Redis can't be tested here, or `false`. */
export const redisSkip: string | false = skipReason("TEST_REDIS_URL");

/** A part of a Redis server that nobody else uses. */
export interface TestRedis {
  /** Of a user who has the rights of a data adapter in the specification, and no others. */
  readonly url: string;
  readonly namespace: string;
  readonly registryNamespace: string;
  /** The server's own user: for what the adapter's may not do. */
  command(...parts: string[]): Promise<unknown>;
  /** Deletes the keys and the user. */
  close(): Promise<void>;
}

/** A user and two namespaces of fresh names. */
export async function openTestRedis(): Promise<TestRedis> {
  const name = `test-${randomUUID()}`;
  const registry = `registry-${name}`;
  const address = testAddress("TEST_REDIS_URL");
  const admin = createClient({ url: address });
  await admin.connect();
  const command = (...parts: string[]) => admin.sendCommand(parts);
  const rights = [`~${name}:*`, `~${registry}:*`, "&*", "+@all", "-@dangerous"];
  await command("ACL", "SETUSER", name, "on", ">adapter-pass", ...rights);

  const url = new URL(address);
  url.username = name;
  url.password = "adapter-pass";
  return {
    url: url.href,
    namespace: name,
    registryNamespace: registry,
    command,
    close: async () => {
      for await (const keys of admin.scanIterator({ MATCH: `*${name}:*`, COUNT: 1000 })) {
        if (keys.length > 0) await admin.del(keys);
      }
      await command("ACL", "DELUSER", name);
      await admin.close();
    },
  };
}
