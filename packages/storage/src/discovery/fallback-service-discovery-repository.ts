import type { Clock } from "@tse/domain";
import type { BackendMonitor } from "../backends/backend-monitor.ts";
import { Fallback } from "../backends/fallback.ts";
import type { MemoryServiceDiscoveryRepository } from "./memory-service-discovery-repository.ts";
import type {
  ServiceDiscoveryRepository,
  ServiceInfo,
  ServiceRegistration,
} from "./service-discovery-repository.ts";

export interface FallbackDiscoveryParts {
  readonly remote: ServiceDiscoveryRepository;
  readonly local: MemoryServiceDiscoveryRepository;
  /** Of the remote's server. */
  readonly monitor: BackendMonitor;
  /** Real time, also where the world's time is virtual. */
  readonly clock: Clock;
}

/**
 * A shared registry that one in process stands in for. While the remote is away only the services of this
 * process are known; when it is back they are registered there again, and those that left are removed.
 */
export class FallbackServiceDiscoveryRepository implements ServiceDiscoveryRepository {
  readonly #remote: ServiceDiscoveryRepository;
  readonly #local: MemoryServiceDiscoveryRepository;
  readonly #fallback: Fallback;
  readonly #own = new Map<string, ServiceRegistration>();
  /** Services that left while the remote may not have heard of it. */
  readonly #left = new Set<string>();

  constructor({ remote, local, monitor, clock }: FallbackDiscoveryParts) {
    this.#remote = remote;
    this.#local = local;
    this.#fallback = new Fallback({
      monitor,
      clock,
      catchUp: (caughtUp) => this.#catchUp(caughtUp),
    });
  }

  async register(service: ServiceRegistration): Promise<void> {
    this.#own.set(service.serviceId, service);
    this.#left.delete(service.serviceId);
    await this.#local.register(service);
    await this.#fallback.choose(() => this.#remote.register(service), nothing);
  }

  async heartbeat(serviceId: string): Promise<void> {
    // A registry of its own process does not forget a service that is alive.
    const own = this.#own.get(serviceId);
    if (own !== undefined) await this.#keepAlive(own);
    await this.#fallback.choose(
      () => this.#remote.heartbeat(serviceId),
      () => this.#local.heartbeat(serviceId),
    );
  }

  async deregister(serviceId: string): Promise<void> {
    this.#own.delete(serviceId);
    await this.#local.deregister(serviceId);
    await this.#fallback.choose(
      () => this.#remote.deregister(serviceId),
      async () => {
        this.#left.add(serviceId);
      },
    );
  }

  discover(serviceName: string): Promise<readonly ServiceInfo[]> {
    return this.#ask((registry) => registry.discover(serviceName));
  }

  getServiceInfo(serviceId: string): Promise<ServiceInfo> {
    return this.#ask((registry) => registry.getServiceInfo(serviceId));
  }

  listServices(): Promise<readonly ServiceInfo[]> {
    return this.#ask((registry) => registry.listServices());
  }

  /** Of the remote: that it is stood in for makes it no healthier. */
  healthCheck(): Promise<void> {
    return this.#remote.healthCheck();
  }

  #ask<Result>(ask: (registry: ServiceDiscoveryRepository) => Promise<Result>): Promise<Result> {
    return this.#fallback.choose(
      () => ask(this.#remote),
      () => ask(this.#local),
    );
  }

  async #keepAlive(service: ServiceRegistration): Promise<void> {
    try {
      await this.#local.heartbeat(service.serviceId);
    } catch {
      await this.#local.register(service);
    }
  }

  async #catchUp(caughtUp: () => void): Promise<void> {
    for (const service of this.#own.values()) await this.#remote.register(service);
    for (const serviceId of this.#left) {
      await this.#remote.deregister(serviceId);
      this.#left.delete(serviceId);
    }
    caughtUp();
  }
}

async function nothing(): Promise<void> {}
