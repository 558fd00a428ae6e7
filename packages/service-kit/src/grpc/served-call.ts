import { performance } from "node:perf_hooks";
import type { DescMethod } from "@bufbuild/protobuf";
import { Metadata, type ServerUnaryCall } from "@grpc/grpc-js";
import type { InvariantViolation } from "@tse/domain";
import { correlationIdFrom, relatedFields, TraceContext } from "../http/correlation.ts";
import type { Problem } from "../http/problem.ts";
import { logFailure } from "../log/log-failure.ts";
import type { Logger } from "../log/logger.ts";
import type { MetricsPort } from "../metrics/metrics-port.ts";
import type { CallFigures } from "./call-figures.ts";
import type { CanonicalStatus } from "./canonical-status.ts";
import type { CallContext } from "./handlers.ts";

/** What all calls of a server share. */
export interface CallParts {
  readonly service: string;
  readonly logger: Logger;
  readonly metrics: MetricsPort;
  readonly figures: CallFigures;
  readonly onBug: (bug: InvariantViolation) => void;
  /** Streams that are open, to be ended when the server stops. */
  readonly streams: Set<{ stop(): void }>;
}

const SLOW_MS = 100;

/** Timers may be early by a millisecond: a call that ends so close to its deadline ended by it. */
const DEADLINE_TOLERANCE_MS = 2;

/** What the library's calls have in common. */
type SurfaceCall = Pick<
  ServerUnaryCall<unknown, unknown>,
  "metadata" | "sendMetadata" | "getDeadline"
> & { on(event: "cancelled", listener: () => void): unknown };

/** One call from its arrival to its end, whoever ends it: correlated, counted and measured once. */
export class ServedCall implements CallContext {
  readonly correlationId: string;
  readonly #parts: CallParts;
  readonly #method: DescMethod;
  readonly #call: SurfaceCall;
  readonly #trace: TraceContext;
  readonly #abort = new AbortController();
  readonly #began = performance.now();
  #logger: Logger | undefined;
  #ended = false;

  constructor(parts: CallParts, method: DescMethod, call: SurfaceCall) {
    this.#parts = parts;
    this.#method = method;
    this.#call = call;
    this.correlationId = correlationIdFrom(this.header("x-correlation-id"));
    this.#trace = TraceContext.within(this.header("traceparent"));
    parts.figures.began(this.#isStream);

    const metadata = new Metadata();
    metadata.set("x-correlation-id", this.correlationId);
    metadata.set("traceparent", String(this.#trace));
    call.sendMetadata(metadata);
    call.on("cancelled", () => {
      if (this.end(this.#wasLate() ? "DEADLINE_EXCEEDED" : "CANCELLED")) this.abort();
    });
  }

  get logger(): Logger {
    this.#logger ??= this.#parts.logger.child(relatedFields(this.correlationId, this.#trace));
    return this.#logger;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get ended(): boolean {
    return this.#ended;
  }

  header(name: string): string | undefined {
    const [value] = this.#call.metadata.get(name);
    return typeof value === "string" ? value : undefined;
  }

  /** Lets the handler know that nobody waits for it any more. */
  abort(): void {
    this.#abort.abort();
  }

  /** Takes down how the call ended. @returns false when it had ended before */
  end(code: CanonicalStatus): boolean {
    if (this.#ended) return false;
    this.#ended = true;

    const ms = performance.now() - this.#began;
    const { metrics, figures } = this.#parts;
    const { parent, name } = this.#method;
    const labels = { grpc_service: parent.typeName, method: name, code };
    figures.ended(this.#isStream, ms);
    metrics.incCounter("grpc_requests_total", labels);
    metrics.observeHistogram("grpc_request_duration_seconds", ms / 1000, labels);
    // A caller that leaves is how most streams end.
    if (code !== "OK" && code !== "CANCELLED") {
      metrics.incCounter("grpc_request_errors_total", labels);
    }
    if (!this.#isStream && ms > SLOW_MS) {
      this.logger.info("slow call", { method: this.#path, code, ms: Math.round(ms) });
    }
    return true;
  }

  logFailure(problem: Problem): void {
    logFailure(this.logger, "call failed", { method: this.#path }, problem);
  }

  get #isStream(): boolean {
    return this.#method.methodKind !== "unary";
  }

  get #path(): string {
    return `${this.#method.parent.typeName}/${this.#method.name}`;
  }

  #wasLate(): boolean {
    return Date.now() >= Number(this.#call.getDeadline()) - DEADLINE_TOLERANCE_MS;
  }
}
