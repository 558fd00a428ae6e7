import { performance } from "node:perf_hooks";
import type { Clock } from "@tse/domain";
import { formatTime } from "../clock/system-time.ts";
import type { Logger } from "../log/logger.ts";
import type { MetricsPort } from "../metrics/metrics-port.ts";

/** `down` of a critical check makes the service not ready; of any other check, degraded. */
export type Verdict = "up" | "degraded" | "down";

export interface CheckResult {
  readonly verdict: Verdict;
  /** The check's own word for it: `connected`, `live`, `not-configured`. */
  readonly state: string;
  /** More to show: figures, since when, attempts. Shown to anybody: no secrets, no driver's text. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Measures a dependency now. Never assumes. */
export type Check = () => CheckResult | Promise<CheckResult>;

/** Where a service stands in its life. Only `serving` can be ready. */
export type Phase = "starting" | "recovering" | "serving" | "downtime" | "stopping";

export interface Liveness {
  readonly status: "healthy";
  readonly timestamp: string;
  readonly service: string;
  readonly instance: string;
  readonly version: string;
  readonly environment: string;
}

/** Shown to clients: without the phase, which would tell a simulated downtime from a real one. */
export interface Readiness {
  readonly status: "ready" | "degraded" | "not_ready";
  readonly timestamp: string;
  readonly checks: Record<string, { state: string }>;
}

export type ReadinessListener = (status: Readiness["status"]) => void;

export interface HealthOptions {
  readonly service: string;
  readonly instance: string;
  readonly version: string;
  readonly environment: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics?: MetricsPort;
  /** Told of each phase when it begins. */
  readonly onPhase?: (phase: Phase) => void;
}

/** Oldest result that an answer uses, and longest that an answer waits for a new one. */
const RESULT_AGE_MS_MAX = 5_000;
const WAIT_MS_MAX = 80;

interface Dependency {
  readonly name: string;
  readonly check: Check;
  readonly critical: boolean;
  result: CheckResult;
  /** Process time of `result`; undefined before the first. */
  checkedAt: number | undefined;
  running: Promise<void> | undefined;
}

/**
 * Whether the service lives, and whether it can do its work. Times shown are world time; how old a
 * result is, and when checks run, is real time, because a frozen world still depends on real machines.
 */
export class Health {
  readonly #options: HealthOptions;
  readonly #dependencies = new Map<string, Dependency>();
  /** What each listener was told last. */
  readonly #listeners = new Map<ReadinessListener, Readiness["status"] | undefined>();
  #timer: NodeJS.Timeout | undefined;
  #phase: Phase = "starting";

  constructor(options: HealthOptions) {
    this.#options = options;
  }

  get phase(): Phase {
    return this.#phase;
  }

  set phase(phase: Phase) {
    if (phase === this.#phase) return;
    this.#options.logger.info("phase changed", { from: this.#phase, to: phase });
    this.#phase = phase;
    this.#options.onPhase?.(phase);
    this.#announce();
  }

  /**
   * Tells `listener` the readiness and then each change of it, until the function that is returned is
   * called. A change shows when a phase begins or a check is run.
   */
  onReadiness(listener: ReadinessListener): () => void {
    this.#listeners.set(listener, undefined);
    this.#announce();
    return () => this.#listeners.delete(listener);
  }

  /** Adds a check. A critical one decides whether the service can do its main task. */
  register(name: string, check: Check, options: { readonly critical: boolean }): void {
    const result: CheckResult = { verdict: "down", state: "unknown" };
    const { critical } = options;
    this.#dependencies.set(name, {
      name,
      check,
      critical,
      result,
      checkedAt: undefined,
      running: undefined,
    });
  }

  /** Runs every check each `intervalMs`, so that the dependency gauges follow what really is. */
  start(intervalMs: number): void {
    this.stop();
    void this.#refreshAll();
    this.#timer = setInterval(() => {
      void this.#refreshAll();
      this.#announce();
    }, intervalMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Runs one check now, because its state changed. */
  async refresh(name: string): Promise<void> {
    const dependency = this.#dependencies.get(name);
    if (dependency !== undefined) await this.#run(dependency);
  }

  /** The reply of `/api/v1/health`: the process lives, whatever it depends on. */
  liveness(): Liveness {
    const { service, instance, version, environment, clock } = this.#options;
    const timestamp = formatTime(clock.now());
    return { status: "healthy", timestamp, service, instance, version, environment };
  }

  /** The reply of `/api/v1/ready`, in less than 100 ms; status 503 when it is `not_ready`. */
  async readiness(): Promise<Readiness> {
    const stale = [...this.#dependencies.values()].filter(isStale);
    if (stale.length > 0) {
      await Promise.race([Promise.all(stale.map((dependency) => this.#run(dependency))), pause()]);
    }

    const checks: Record<string, { state: string }> = {};
    for (const dependency of this.#dependencies.values()) {
      const { state, details } = current(dependency);
      checks[dependency.name] = { ...details, state };
    }
    const timestamp = formatTime(this.#options.clock.now());
    return { status: this.#status(), timestamp, checks };
  }

  #status(): Readiness["status"] {
    if (this.#phase !== "serving") return "not_ready";
    const dependencies = [...this.#dependencies.values()];
    const isDown = (dependency: Dependency): boolean => current(dependency).verdict === "down";
    if (dependencies.some((dependency) => dependency.critical && isDown(dependency))) {
      return "not_ready";
    }
    const allUp = dependencies.every((dependency) => current(dependency).verdict === "up");
    return allUp ? "ready" : "degraded";
  }

  async #refreshAll(): Promise<void> {
    await Promise.all([...this.#dependencies.values()].map((each) => this.#run(each)));
  }

  /** One run of a check at a time; who asks meanwhile waits for that one. */
  #run(dependency: Dependency): Promise<void> {
    dependency.running ??= this.#measure(dependency).finally(() => {
      dependency.running = undefined;
    });
    return dependency.running;
  }

  async #measure(dependency: Dependency): Promise<void> {
    const { name, result: before } = dependency;
    const { logger, metrics } = this.#options;
    try {
      dependency.result = await dependency.check();
    } catch (error) {
      dependency.result = { verdict: "down", state: "failed" };
      logger.error("health check failed", { dependency: name, error });
    }
    dependency.checkedAt = performance.now();

    const { verdict, state } = dependency.result;
    metrics?.setGauge("service_dependency_ready", verdict === "down" ? 0 : 1, { dependency: name });
    if (state !== before.state) {
      logger.info("dependency changed", { dependency: name, from: before.state, to: state });
    }
    if (verdict !== before.verdict) this.#announce();
  }

  #announce(): void {
    if (this.#listeners.size === 0) return;
    // Whoever isn't serving isn't ready, without a look at its checks.
    if (this.#phase !== "serving") this.#tell("not_ready");
    else void this.readiness().then(() => this.#tell(this.#status()));
  }

  #tell(status: Readiness["status"]): void {
    for (const [listener, told] of this.#listeners) {
      if (status === told) continue;
      this.#listeners.set(listener, status);
      listener(status);
    }
  }
}

function isStale({ checkedAt }: Dependency): boolean {
  return checkedAt === undefined || performance.now() - checkedAt > RESULT_AGE_MS_MAX;
}

/** A check that doesn't answer is down, not as it was. */
function current(dependency: Dependency): CheckResult {
  return isStale(dependency) ? { verdict: "down", state: "no-answer" } : dependency.result;
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, WAIT_MS_MAX).unref();
  });
}
