import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { recordingLogger } from "./support.ts";

describe("a logger", () => {
  it("writes one JSON object a line with the fields that every service has", () => {
    const { logger, lines } = recordingLogger();
    logger.info("order taken", { orderSeq: 7 });

    const [line] = lines();
    const { timestamp, ...rest } = line ?? {};
    assert.match(String(timestamp), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.deepEqual(rest, {
      level: "info",
      message: "order taken",
      orderSeq: 7,
      service_name: "test-service",
      instance_name: "test-1",
      version: "1.2.3",
      environment: "test",
      correlation_id: "",
      trace_id: "",
      span_id: "",
    });
  });

  it("adds a child's fields to each line; a line can't overwrite them", () => {
    const { logger, lines } = recordingLogger();
    const child = logger.child({ correlation_id: "c-1" }).child({ part: "sequencer" });
    child.warn("late", { correlation_id: "forged", ms: 5 });

    const [line] = lines();
    assert.equal(line?.correlation_id, "c-1");
    assert.equal(line?.part, "sequencer");
    assert.equal(line?.ms, 5);
  });

  it("takes from a line what relates it to a request, when the logger itself has none", () => {
    const { logger, lines } = recordingLogger();
    logger.error("failed", { correlation_id: "c-1", trace_id: "t-1" });

    const [line] = lines();
    assert.deepEqual([line?.correlation_id, line?.trace_id, line?.span_id], ["c-1", "t-1", ""]);
  });

  it("changes its level at run time, for children too", () => {
    const { logger, lines } = recordingLogger({ level: "warn" });
    const child = logger.child({ part: "feed" });
    child.info("hidden");
    child.warn("shown");
    logger.level = "debug";
    child.debug("shown now");
    logger.level = "error";
    child.warn("hidden again");

    assert.deepEqual(
      lines().map(({ message }) => message),
      ["shown", "shown now"],
    );
  });

  it("hides secrets at any depth, and keeps key ids", () => {
    const { logger, text, lines } = recordingLogger();
    const headers = { authorization: "Bearer hunter2", "X-MBX-APIKEY": "hunter2", accept: "*/*" };
    logger.info("call", {
      headers,
      query: { signature: "hunter2", symbol: "BTCUSDT" },
      keys: [{ keyId: "k-1", secret: "hunter2", apiSecret: "hunter2", apiKey: "hunter2" }],
      adminToken: "hunter2",
      password: "hunter2",
    });
    logger.child({ token: "hunter2" }).info("child");

    assert.ok(!text().includes("hunter2"), text());
    assert.deepEqual(lines()[0]?.headers, {
      authorization: "[redacted]",
      "X-MBX-APIKEY": "[redacted]",
      accept: "*/*",
    });
    assert.ok(text().includes("k-1") && text().includes("BTCUSDT"));
  });

  it("writes errors with stack and cause, big integers as text, and survives cycles", () => {
    const { logger, lines } = recordingLogger();
    const error = new Error("outer", { cause: new Error("inner") });
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    logger.error("broken", { error, amount: 10n ** 20n, cycle });

    const logged = lines()[0]?.error as Record<string, unknown>;
    assert.equal(logged.message, "outer");
    assert.match(String(logged.stack), /logger\.test/);
    assert.equal((logged.cause as Record<string, unknown>).message, "inner");
    assert.equal(lines()[0]?.amount, "100000000000000000000");
  });

  it("writes text for people when told so", () => {
    const { logger, text } = recordingLogger({ format: "text" });
    logger.child({ correlation_id: "c-1" }).warn("slow", { ms: 120, of: { a: 1 } });
    assert.match(
      text(),
      /^\S+Z WARN {2}slow correlation_id=c-1 ms=120 of=\{"a":1\} instance_name=test-1\n$/,
    );
  });
});
