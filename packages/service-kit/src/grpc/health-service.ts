import { type GrpcHealth, GrpcServingStatus } from "@tse/contracts";
import type { Readiness } from "../health/health.ts";
import { Problem } from "../http/problem.ts";
import type { ServiceHandlers, StreamHandler } from "./handlers.ts";

type Watcher = (status: GrpcServingStatus) => void;

/**
 * The standard health service (grpc.health.v1) for the names that it is given: all are SERVING together,
 * while the service is ready or degraded.
 */
export class HealthService {
  readonly #names: ReadonlySet<string>;
  readonly #watchers = new Set<Watcher>();
  #status: GrpcServingStatus = GrpcServingStatus.NOT_SERVING;

  /** `""` is among the names always: it stands for the server as a whole. */
  constructor(names: readonly string[]) {
    this.#names = new Set(["", ...names]);
  }

  get serving(): boolean {
    return this.#status === GrpcServingStatus.SERVING;
  }

  /** Takes over a readiness, and tells who watches when that changes anything. */
  follow(readiness: Readiness["status"]): void {
    const status =
      readiness === "not_ready" ? GrpcServingStatus.NOT_SERVING : GrpcServingStatus.SERVING;
    if (status === this.#status) return;
    this.#status = status;
    for (const watcher of this.#watchers) watcher(status);
  }

  handlers(): ServiceHandlers<typeof GrpcHealth> {
    return {
      check: ({ service }) => {
        if (!this.#names.has(service)) throw unknownService(service);
        return { status: this.#status };
      },
      watch: this.#watch,
    };
  }

  readonly #watch: StreamHandler<typeof GrpcHealth.method.watch> = (
    { service },
    { signal },
    outlet,
  ) => {
    // The protocol wants a stream for an unknown name too: it may become known.
    if (!this.#names.has(service)) {
      outlet.write({ status: GrpcServingStatus.SERVICE_UNKNOWN });
      return;
    }
    const watcher: Watcher = (status) => outlet.write({ status });
    this.#watchers.add(watcher);
    signal.addEventListener("abort", () => this.#watchers.delete(watcher), { once: true });
    watcher(this.#status);
  };
}

function unknownService(service: string): Problem {
  return new Problem({
    status: 404,
    code: "service_unknown",
    title: "There is no service of this name here",
    extra: { service },
  });
}
