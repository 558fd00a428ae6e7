import type { Timestamp } from "@tse/domain";

/** One running instance of a service, as the registry knows it. */
export interface ServiceInfo {
  readonly serviceName: string;
  /** The instance's name. */
  readonly serviceId: string;
  readonly address: string;
  /** gRPC. */
  readonly port: number;
  readonly httpPort: number;
  readonly version: string;
  readonly environment: string;
  readonly status: string;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly registeredAt: Timestamp;
  readonly lastHeartbeat: Timestamp;
}

/** What a service says of itself; the times are the repository's. */
export type ServiceRegistration = Omit<ServiceInfo, "registeredAt" | "lastHeartbeat">;

/** Who runs where. Two implementations, one contract: Redis, and in-process. */
export interface ServiceDiscoveryRepository {
  register(service: ServiceRegistration): Promise<void>;

  /** @throws StorageError `not_found`, "service not registered: <id>": then register again */
  heartbeat(serviceId: string): Promise<void>;

  deregister(serviceId: string): Promise<void>;

  /** All living instances of a service, healthy first. */
  discover(serviceName: string): Promise<readonly ServiceInfo[]>;

  /** @throws StorageError `not_found` */
  getServiceInfo(serviceId: string): Promise<ServiceInfo>;

  listServices(): Promise<readonly ServiceInfo[]>;

  /** @throws StorageError `storage_unavailable` */
  healthCheck(): Promise<void>;
}
