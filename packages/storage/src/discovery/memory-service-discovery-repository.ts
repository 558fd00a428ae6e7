import type { Clock } from "@tse/domain";
import type {
  ServiceDiscoveryRepository,
  ServiceInfo,
  ServiceRegistration,
} from "./service-discovery-repository.ts";
import { currentSecond, inOrder, notRegistered } from "./service-entries.ts";

export interface MemoryServiceDiscoveryOptions {
  readonly clock: Clock;
  /** How long a service is known after its last sign of life. */
  readonly ttlMs: number;
}

interface Entry {
  readonly service: ServiceInfo;
  /** Exact, where the entry's own times are whole seconds. */
  readonly expiresAt: number;
}

/** The registry of the services of one process. Never unavailable. */
export class MemoryServiceDiscoveryRepository implements ServiceDiscoveryRepository {
  readonly #clock: Clock;
  readonly #ttlMs: number;
  readonly #entries = new Map<string, Entry>();

  constructor({ clock, ttlMs }: MemoryServiceDiscoveryOptions) {
    this.#clock = clock;
    this.#ttlMs = ttlMs;
  }

  async register(service: ServiceRegistration): Promise<void> {
    const now = currentSecond(this.#clock);
    this.#put({ ...service, registeredAt: now, lastHeartbeat: now });
  }

  async heartbeat(serviceId: string): Promise<void> {
    const service = this.#living(serviceId);
    if (service === undefined) throw notRegistered(serviceId);
    this.#put({ ...service, lastHeartbeat: currentSecond(this.#clock) });
  }

  async deregister(serviceId: string): Promise<void> {
    this.#entries.delete(serviceId);
  }

  async discover(serviceName: string): Promise<readonly ServiceInfo[]> {
    return inOrder(this.#all().filter((service) => service.serviceName === serviceName));
  }

  async getServiceInfo(serviceId: string): Promise<ServiceInfo> {
    const service = this.#living(serviceId);
    if (service === undefined) throw notRegistered(serviceId);
    return service;
  }

  async listServices(): Promise<readonly ServiceInfo[]> {
    return inOrder(this.#all());
  }

  async healthCheck(): Promise<void> {}

  #all(): ServiceInfo[] {
    return [...this.#entries.keys()].flatMap((id) => this.#living(id) ?? []);
  }

  #living(serviceId: string): ServiceInfo | undefined {
    const entry = this.#entries.get(serviceId);
    if (entry === undefined || entry.expiresAt > this.#clock.now()) return entry?.service;
    this.#entries.delete(serviceId);
    return undefined;
  }

  #put(service: ServiceInfo): void {
    const expiresAt = this.#clock.now() + this.#ttlMs * 1000;
    this.#entries.set(service.serviceId, { service, expiresAt });
  }
}
