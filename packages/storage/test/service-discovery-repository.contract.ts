import { deepEqual, equal, rejects } from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { ServiceDiscoveryRepository, ServiceInfo, ServiceRegistration } from "../src/index.ts";

/** A registry that nobody else uses. */
export interface DiscoveryUnderTest {
  readonly discovery: ServiceDiscoveryRepository;
  /** Another service's way to the same registry. */
  readonly peer: ServiceDiscoveryRepository;
  readonly ttlMs: number;
  /** Lets that much time pass for the registry. */
  elapse(ms: number): Promise<void>;
  close(): Promise<void>;
}

export function registration(
  serviceId: string,
  more: Partial<ServiceRegistration> = {},
): ServiceRegistration {
  return {
    serviceName: "exchange-simulator",
    serviceId,
    address: "127.0.0.1",
    port: 50051,
    httpPort: 8082,
    version: "1.0.0",
    environment: "test",
    status: "healthy",
    tags: ["venue"],
    metadata: { region: "eu" },
    ...more,
  };
}

/** What every registry promises, wherever its entries are. */
export function serviceDiscoveryRepositoryContract(
  name: string,
  skip: string | false,
  open: () => Promise<DiscoveryUnderTest>,
): void {
  describe(`a registry in ${name}`, { skip }, () => {
    let discovery: ServiceDiscoveryRepository;
    let under: DiscoveryUnderTest;

    before(async () => {
      under = await open();
      discovery = under.discovery;
    });
    beforeEach(async () => {
      for (const { serviceId } of await discovery.listServices()) {
        await discovery.deregister(serviceId);
      }
    });
    after(() => under.close());

    const idsOf = (services: readonly ServiceInfo[]) => services.map(({ serviceId }) => serviceId);
    const missing = (id: string) => ({
      code: "not_found",
      message: `service not registered: ${id}`,
    });

    it("tells a service's peers all that it said, with the time", async () => {
      const service = registration("one");
      await discovery.register(service);
      const { registeredAt, lastHeartbeat, ...rest } = await under.peer.getServiceInfo("one");
      deepEqual(rest, service);
      equal(registeredAt % 1_000_000, 0);
      equal(lastHeartbeat, registeredAt);
    });

    it("keeps several instances of a name apart, healthy ones first", async () => {
      await discovery.register(registration("a", { status: "degraded" }));
      await discovery.register(registration("c"));
      await under.peer.register(registration("b"));
      await under.peer.register(registration("other", { serviceName: "market-data-simulator" }));

      deepEqual(idsOf(await discovery.discover("exchange-simulator")), ["b", "c", "a"]);
      deepEqual(idsOf(await under.peer.discover("market-data-simulator")), ["other"]);
      deepEqual(idsOf(await discovery.listServices()), ["b", "c", "other", "a"]);
      deepEqual(await discovery.discover("nobody"), []);
    });

    it("renews a service that gives signs of life, and forgets one that does not", async () => {
      await discovery.register(registration("silent"));
      await discovery.register(registration("alive"));
      const { lastHeartbeat } = await discovery.getServiceInfo("alive");
      await under.elapse(under.ttlMs * 0.75);
      await discovery.heartbeat("alive");
      await under.elapse(under.ttlMs * 0.5);

      const renewed = await under.peer.getServiceInfo("alive");
      equal(renewed.lastHeartbeat > lastHeartbeat, true);
      equal(renewed.registeredAt, lastHeartbeat);
      deepEqual(idsOf(await discovery.discover("exchange-simulator")), ["alive"]);
      deepEqual(idsOf(await discovery.listServices()), ["alive"]);
      await rejects(discovery.getServiceInfo("silent"), missing("silent"));
      await rejects(discovery.heartbeat("silent"), missing("silent"));

      await discovery.register(registration("silent"));
      deepEqual(idsOf(await discovery.listServices()), ["alive", "silent"]);
    });

    it("refuses a sign of life of who never registered", async () => {
      await rejects(discovery.heartbeat("stranger"), missing("stranger"));
      deepEqual(await discovery.listServices(), []);
    });

    it("replaces a registration by the next of the same id, also under another name", async () => {
      await discovery.register(registration("moved"));
      await discovery.register(
        registration("moved", { serviceName: "risk-monitor", version: "2.0.0" }),
      );
      deepEqual(await discovery.discover("exchange-simulator"), []);
      const [moved] = await discovery.discover("risk-monitor");
      equal(moved?.version, "2.0.0");
    });

    it("lets a service leave, as often as it wants", async () => {
      await discovery.register(registration("leaver"));
      await discovery.deregister("leaver");
      await discovery.deregister("leaver");
      deepEqual(await under.peer.listServices(), []);
      await rejects(under.peer.getServiceInfo("leaver"), missing("leaver"));
    });

    it("is healthy", () => discovery.healthCheck());
  });
}
