import type { Clock } from "@tse/domain";
import type {
  ServiceDiscoveryRepository,
  ServiceInfo,
  ServiceRegistration,
} from "../discovery/service-discovery-repository.ts";
import {
  currentSecond,
  inOrder,
  notRegistered,
  parseService,
  serviceText,
} from "../discovery/service-entries.ts";
import type { RedisConnection } from "./redis-connection.ts";

export interface RedisServiceDiscoveryOptions {
  /** Where the owner keeps its own copy. */
  readonly namespace: string;
  /** Where every service looks; the same for all of them. */
  readonly registryNamespace: string;
  /** How long a service is known after its last sign of life. */
  readonly ttlMs: number;
  readonly clock: Clock;
}

/**
 * The registry that all services share.
 *
 * ```
 * <registry>:service:<id>      entry    both expire together,
 * <registry>:heartbeat:<id>    time     renewed by heartbeats        the same two under <namespace>
 * <registry>:index             ids of all services
 * <registry>:index:<name>      ids of the services of a name, cleaned by whoever reads it
 * ```
 */
export class RedisServiceDiscoveryRepository implements ServiceDiscoveryRepository {
  readonly #connection: RedisConnection;
  readonly #options: RedisServiceDiscoveryOptions;

  constructor(connection: RedisConnection, options: RedisServiceDiscoveryOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  async register(registration: ServiceRegistration): Promise<void> {
    const now = currentSecond(this.#options.clock);
    await this.#write({ ...registration, registeredAt: now, lastHeartbeat: now });
  }

  async heartbeat(serviceId: string): Promise<void> {
    const service = await this.getServiceInfo(serviceId);
    const lastHeartbeat = currentSecond(this.#options.clock);
    const written = await this.#write({ ...service, lastHeartbeat }, "XX");
    if (!written) throw notRegistered(serviceId);
  }

  async deregister(serviceId: string): Promise<void> {
    const service = await this.#find(serviceId);
    const keys = this.#namespaces().flatMap((namespace) => keysOf(namespace, serviceId));
    await this.#connection.run((client) => {
      const unit = client.multi().del(keys).sRem(this.#index(), serviceId);
      if (service !== undefined) unit.sRem(this.#index(service.serviceName), serviceId);
      return unit.exec();
    });
  }

  discover(serviceName: string): Promise<readonly ServiceInfo[]> {
    return this.#list(this.#index(serviceName), (service) => service.serviceName === serviceName);
  }

  async getServiceInfo(serviceId: string): Promise<ServiceInfo> {
    const service = await this.#find(serviceId);
    if (service === undefined) throw notRegistered(serviceId);
    return service;
  }

  listServices(): Promise<readonly ServiceInfo[]> {
    return this.#list(this.#index(), () => true);
  }

  healthCheck(): Promise<void> {
    return this.#connection.ping();
  }

  /**
   * @param condition `XX` writes only what is there still: a service that is gone does not come back
   * @returns whether the registry's entry was written
   */
  async #write(service: ServiceInfo, condition?: "XX"): Promise<boolean> {
    const { serviceId, serviceName } = service;
    const value = this.#options.ttlMs;
    const options = {
      expiration: { type: "PX", value } as const,
      ...(condition === undefined ? {} : { condition }),
    };
    const replies = await this.#connection.run((client) => {
      const unit = client.multi();
      for (const namespace of this.#namespaces()) {
        const [entry, heartbeat] = keysOf(namespace, serviceId);
        unit.set(entry, serviceText(service), options);
        unit.set(heartbeat, String(service.lastHeartbeat / 1_000_000), options);
      }
      unit.sAdd(this.#index(), serviceId).sAdd(this.#index(serviceName), serviceId);
      return unit.exec();
    });
    return String(replies[0]) === "OK";
  }

  async #list(
    index: string,
    belongs: (service: ServiceInfo) => boolean,
  ): Promise<readonly ServiceInfo[]> {
    const ids = await this.#connection.run((client) => client.sMembers(index));
    if (ids.length === 0) return [];

    const keys = ids.map((id) => keysOf(this.#options.registryNamespace, id)[0]);
    const texts = await this.#connection.run((client) => client.mGet(keys));
    const services = texts.map((text) => (text === null ? undefined : parseService(text)));
    const gone = ids.filter((_, at) => texts[at] === null || movedAway(services[at], belongs));
    if (gone.length > 0) await this.#connection.run((client) => client.sRem(index, gone));
    return inOrder(services.filter((service) => service !== undefined).filter(belongs));
  }

  async #find(serviceId: string): Promise<ServiceInfo | undefined> {
    const [entry] = keysOf(this.#options.registryNamespace, serviceId);
    const text = await this.#connection.run((client) => client.get(entry));
    return text === null ? undefined : parseService(text);
  }

  /** The registry first: its entry is the one that counts. */
  #namespaces(): readonly string[] {
    return [this.#options.registryNamespace, this.#options.namespace];
  }

  #index(serviceName?: string): string {
    const all = `${this.#options.registryNamespace}:index`;
    return serviceName === undefined ? all : `${all}:${serviceName}`;
  }
}

function keysOf(namespace: string, serviceId: string): [entry: string, heartbeat: string] {
  return [`${namespace}:service:${serviceId}`, `${namespace}:heartbeat:${serviceId}`];
}

/** An id that was registered anew under another name stays in the index of the old one. */
function movedAway(
  service: ServiceInfo | undefined,
  belongs: (service: ServiceInfo) => boolean,
): boolean {
  return service !== undefined && !belongs(service);
}
