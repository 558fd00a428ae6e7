import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import {
  GrpcHealth,
  GrpcReflection,
  GrpcReflectionRequestSchema,
  GrpcReflectionResponseSchema,
} from "@tse/contracts";
import type { Clock, InvariantViolation } from "@tse/domain";
import type { Health } from "../health/health.ts";
import { throwUncaught } from "../http/host.ts";
import { type ListenOptions, portUnavailable } from "../http/listen.ts";
import type { Logger } from "../log/logger.ts";
import type { MetricsPort } from "../metrics/metrics-port.ts";
import { CallFigures, type GrpcFigures } from "./call-figures.ts";
import type { ServiceHandlers, TypedService } from "./handlers.ts";
import { HealthService } from "./health-service.ts";
import { ReflectionService } from "./reflection-service.ts";
import { registerService } from "./register-service.ts";
import type { CallParts } from "./served-call.ts";
import { decode, encode } from "./wire.ts";

export interface GrpcHostOptions {
  /** The service's name: a health name, and the domain of its error codes. */
  readonly service: string;
  readonly logger: Logger;
  readonly metrics: MetricsPort;
  readonly clock: Clock;
  readonly health: Health;
  /** Names of the health service beside `""` and the service's own. */
  readonly healthNames?: readonly string[];
  /** Largest request; 4 MiB by default. */
  readonly requestBytesMax?: number;
  /** Calls that one connection may have open; 1,000 by default. Further ones wait at the client. */
  readonly streamsPerConnectionMax?: number;
  /** Told of a bug after its call was answered INTERNAL. By default it goes on as an uncaught error. */
  readonly onBug?: (bug: InvariantViolation) => void;
}

export interface GrpcListener {
  readonly port: number;
  /** `127.0.0.1:9096`. */
  readonly address: string;
}

/** What reflection was called before it was released. The messages are the same, and clients ask for both. */
const REFLECTION_PATHS = ["v1", "v1alpha"].map(
  (version) => `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
);

/**
 * A gRPC server, without encryption, that does for every method what a method shouldn't have to:
 * correlates, measures, respects deadlines and limits, and answers what isn't success with a canonical
 * status and a stable code. Has the standard health service and reflection.
 */
export class GrpcHost {
  readonly #options: GrpcHostOptions;
  readonly #server: Server;
  readonly #figures: CallFigures;
  readonly #health: HealthService;
  readonly #reflection = new ReflectionService();
  readonly #parts: CallParts;
  readonly #sockets = new Set<Socket>();
  readonly #acceptor = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  readonly #inject: (socket: Socket) => void;
  #unfollow = (): void => {};
  #stopped: Promise<void> | undefined;

  constructor(options: GrpcHostOptions) {
    const { service, logger, metrics, clock, healthNames = [] } = options;
    this.#options = options;
    this.#figures = new CallFigures(clock);
    this.#parts = {
      service,
      logger,
      metrics,
      figures: this.#figures,
      onBug: options.onBug ?? throwUncaught,
      streams: new Set(),
    };
    this.#server = new Server({
      "grpc.max_receive_message_length": options.requestBytesMax ?? 4_194_304,
      "grpc.max_concurrent_streams": options.streamsPerConnectionMax ?? 1_000,
      "grpc.enable_channelz": 0,
    });
    // Listening is ours: the library hides why it failed, and writes it to standard error.
    const injector = this.#server.createConnectionInjector(ServerCredentials.createInsecure());
    this.#inject = (socket) => injector.injectConnection(socket);

    this.#health = new HealthService([service, ...healthNames]);
    this.add(GrpcHealth, this.#health.handlers());
    this.#reflect();
  }

  /** Serves a service by its handlers. Services are added before the host listens. */
  add<Service extends TypedService>(service: Service, handlers: ServiceHandlers<Service>): void {
    registerService(this.#server, this.#parts, service, handlers);
    this.#reflection.add(service);
  }

  /** Opens the listener. @throws PortUnavailable when the address is taken, forbidden or not ours */
  async listen(options: ListenOptions): Promise<GrpcListener> {
    try {
      this.#acceptor.listen({ host: options.host, port: options.port });
      await once(this.#acceptor, "listening");
    } catch (cause) {
      throw portUnavailable(cause, options);
    }
    this.#figures.started();
    this.#unfollow = this.#options.health.onReadiness((status) => this.#health.follow(status));

    const { address, family, port } = this.#acceptor.address() as AddressInfo;
    return { port, address: `${family === "IPv6" ? `[${address}]` : address}:${port}` };
  }

  figures(): GrpcFigures {
    return {
      ...this.#figures.now(),
      isRunning: this.#acceptor.listening,
      healthStatus: this.#health.serving ? "SERVING" : "NOT_SERVING",
    };
  }

  /**
   * Says NOT_SERVING, stops accepting, ends streams as UNAVAILABLE `shutting_down` and lets other calls
   * finish; what is still open after `graceMs` is cut. Stopping again waits for the same end.
   */
  stop(graceMs: number): Promise<void> {
    this.#stopped ??= this.#stop(graceMs);
    return this.#stopped;
  }

  async #stop(graceMs: number): Promise<void> {
    this.#unfollow();
    this.#health.follow("not_ready");
    const timer = setTimeout(() => {
      this.#options.logger.warn("calls cut", { connections: this.#sockets.size });
      for (const socket of this.#sockets) socket.destroy();
    }, graceMs);
    try {
      const closed = this.#acceptor.listening ? once(this.#acceptor, "close") : undefined;
      this.#acceptor.close();
      for (const stream of this.#parts.streams) stream.stop();
      await new Promise<void>((resolve) => this.#server.tryShutdown(() => resolve()));
      await closed;
    } finally {
      clearTimeout(timer);
    }
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    this.#inject(socket);
  }

  #reflect(): void {
    this.#reflection.add(GrpcReflection);
    for (const path of REFLECTION_PATHS) {
      this.#server.register(
        path,
        this.#reflection.handle,
        (answer) => encode(GrpcReflectionResponseSchema, answer),
        (bytes) => decode(GrpcReflectionRequestSchema, bytes),
        "bidi",
      );
    }
  }
}
