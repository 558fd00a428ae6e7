import { describe, it } from "node:test";
import { localStore } from "./stores.ts";
import { surviveKills } from "./survive-kills.ts";

describe("killed under load again and again, the exchange", () => {
  it("loses and doubles nothing, with the embedded database", async (test) => {
    test.diagnostic(await surviveKills(30, localStore("embedded")));
  });
});
