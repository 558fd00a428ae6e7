import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { duration } from "@tse/domain";
import { ControllableClock, type RootLogger, readConfig, silentLogger } from "@tse/service-kit";
import { MARKET_DATA_SETTINGS } from "../../src/config.ts";
import { MarketDataSimulator } from "../../src/service.ts";
import { after, MINUTE, SECOND, START } from "../support/feeds.ts";

it("A market whose world's clock was turned back by a crash moves it on to what was published", async () => {
  const directory = mkdtempSync(join(tmpdir(), "market-data-"));
  const environment = {
    JOURNAL: "file",
    STORE: "memory",
    CLOCK_MODE: "virtual",
    DATA_DIR: directory,
  };
  const config = readConfig(MARKET_DATA_SETTINGS, { argv: ["--port", "0"], environment });
  const logger: RootLogger = { ...silentLogger, level: "error" };
  try {
    for (const minutes of [1, 2]) {
      const clock = new ControllableClock({ mode: "virtual", start: START });
      const service = await MarketDataSimulator.open({ config, logger, clock });
      assert.equal(clock.now(), after((minutes - 1) * MINUTE));
      await service.start();
      await clock.advance(duration(MINUTE));
      assert.equal(service.feed.sequence("BTC/USD"), (minutes * MINUTE) / SECOND + 1);
      await service.stop();
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});
