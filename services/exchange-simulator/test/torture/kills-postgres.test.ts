import { describe, it } from "node:test";
import { redisSkip, TEST_BACKENDS } from "@tse/storage/testing";
import { serverStore } from "./stores.ts";
import { surviveKills } from "./survive-kills.ts";

const postgres = TEST_BACKENDS.find(({ name }) => name === "postgres");
const skip = postgres?.skip || redisSkip;

describe("killed under load again and again, the exchange", () => {
  it("loses and doubles nothing, with PostgreSQL and Redis", { skip }, async (test) => {
    test.diagnostic(await surviveKills(20, await serverStore()));
  });
});
