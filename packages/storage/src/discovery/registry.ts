import { StorageError } from "../errors.ts";
import type {
  ServiceDiscoveryRepository,
  ServiceRegistration,
} from "./service-discovery-repository.ts";

/** The part of a service's log that is needed here. */
interface RegistryLogger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface RegistryParts {
  readonly discovery: ServiceDiscoveryRepository;
  readonly service: ServiceRegistration;
  /** Real time between two signs of life. */
  readonly heartbeatMs: number;
  readonly logger: RegistryLogger;
}

/** Keeps one service in the registry while it runs. Its work never waits for it. */
export class Registry {
  readonly #parts: RegistryParts;
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> = Promise.resolve();

  constructor(parts: RegistryParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#beating = this.#register();
    this.#timer = setInterval(() => {
      this.#beating = this.#beating.then(() => this.#beat());
    }, this.#parts.heartbeatMs);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating;
    const { discovery, service } = this.#parts;
    await this.#attempt("deregister", () => discovery.deregister(service.serviceId));
  }

  #register(): Promise<void> {
    const { discovery, service } = this.#parts;
    return this.#attempt("register", () => discovery.register(service));
  }

  /** A registry that has forgotten the service is told again. */
  async #beat(): Promise<void> {
    const { discovery, service } = this.#parts;
    try {
      await discovery.heartbeat(service.serviceId);
    } catch (error) {
      if (error instanceof StorageError && error.code === "not_found") await this.#register();
      else this.#parts.logger.debug("no heartbeat in the registry", { error });
    }
  }

  async #attempt(what: string, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      this.#parts.logger.warn(`could not ${what} in the registry`, { code: error.code });
    }
  }
}
