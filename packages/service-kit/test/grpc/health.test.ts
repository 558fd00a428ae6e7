import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GrpcHealth, type GrpcHealthCheckResponse, GrpcServingStatus } from "@tse/contracts";
import { type CheckResult, GrpcCallFailed } from "../../src/index.ts";
import { failureOf, startGrpcHost } from "./support.ts";

const { SERVING, NOT_SERVING, SERVICE_UNKNOWN } = GrpcServingStatus;

describe("the health service", () => {
  it("serves every name while the service is ready or degraded", async () => {
    const { channel, health, host } = await startGrpcHost(() => {}, {
      healthNames: ["market-data"],
    });
    const client = channel.client(GrpcHealth);
    let feed: CheckResult = { verdict: "up", state: "live" };
    health.register("feed", () => feed, { critical: true });

    const statuses = async (): Promise<unknown[]> =>
      Promise.all(
        ["", "test-service", "market-data"].map(
          async (service) => (await client.check({ service })).status,
        ),
      );
    assert.deepEqual(await statuses(), [NOT_SERVING, NOT_SERVING, NOT_SERVING]);

    const watch = client.watch({ service: "market-data" })[Symbol.asyncIterator]();
    const next = async (): Promise<unknown> =>
      ((await watch.next()).value as GrpcHealthCheckResponse).status;
    assert.equal(await next(), NOT_SERVING);
    health.phase = "serving";
    assert.equal(await next(), SERVING);
    assert.deepEqual(await statuses(), [SERVING, SERVING, SERVING]);

    feed = { verdict: "degraded", state: "late" };
    await health.refresh("feed");
    assert.equal((await health.readiness()).status, "degraded");
    assert.deepEqual(await statuses(), [SERVING, SERVING, SERVING]);

    feed = { verdict: "down", state: "gone" };
    await health.refresh("feed");
    assert.equal(await next(), NOT_SERVING);
    feed = { verdict: "up", state: "live" };
    await health.refresh("feed");
    assert.equal(await next(), SERVING);
    assert.equal(host.figures().healthStatus, "SERVING");
    assert.equal(host.figures().streamingClients, 1);

    health.phase = "stopping";
    assert.equal(await next(), NOT_SERVING);
    await watch.return?.();
  });

  it("knows no other name: NOT_FOUND to a check, SERVICE_UNKNOWN to who watches", async () => {
    const { channel } = await startGrpcHost(() => {});
    const client = channel.client(GrpcHealth);
    const error = await failureOf(client.check({ service: "weather" }));
    assert.ok(error instanceof GrpcCallFailed);
    assert.deepEqual([error.status, error.code], ["NOT_FOUND", "service_unknown"]);

    const watch = client.watch({ service: "weather" })[Symbol.asyncIterator]();
    const { value } = await watch.next();
    assert.equal((value as GrpcHealthCheckResponse).status, SERVICE_UNKNOWN);
    await watch.return?.();
  });

  it("says NOT_SERVING before the server stops", async () => {
    const { channel, health, host } = await startGrpcHost(() => {});
    const watch = channel.client(GrpcHealth).watch({})[Symbol.asyncIterator]();
    const next = async (): Promise<unknown> =>
      ((await watch.next()).value as GrpcHealthCheckResponse).status;
    assert.equal(await next(), NOT_SERVING);
    health.phase = "serving";
    assert.equal(await next(), SERVING);

    const stopped = host.stop(5_000);
    assert.equal(await next(), NOT_SERVING);
    const error = await failureOf(next());
    assert.deepEqual(
      [(error as GrpcCallFailed).status, (error as GrpcCallFailed).code],
      ["UNAVAILABLE", "shutting_down"],
    );
    await stopped;
    assert.equal(host.figures().healthStatus, "NOT_SERVING");
  });
});
