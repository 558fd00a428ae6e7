import { performance } from "node:perf_hooks";
import { StorageError } from "../errors.ts";
import type { StorageMetrics } from "./storage-metrics.ts";

/**
 * The same repository, with each call of a method measured: how long it took and, when it failed, with
 * which code.
 *
 * @param name as labels call it: `accounts`
 */
export function measured<Repository extends object>(
  name: string,
  repository: Repository,
  metrics: StorageMetrics,
): Repository {
  const methods = new Map<PropertyKey, unknown>();
  return new Proxy(repository, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== "function") return value;

      const known = methods.get(property);
      if (known !== undefined) return known;
      const labels = { repository: name, operation: String(property) };
      const method = (...parameters: unknown[]) =>
        observe(() => Reflect.apply(value, target, parameters), labels, metrics);
      methods.set(property, method);
      return method;
    },
  });
}

interface OperationLabels {
  readonly repository: string;
  readonly operation: string;
}

function observe(call: () => unknown, labels: OperationLabels, metrics: StorageMetrics): unknown {
  const begun = performance.now();
  const end = () => {
    const seconds = (performance.now() - begun) / 1000;
    metrics.observeHistogram("data_adapter_operation_seconds", seconds, { ...labels });
  };
  const fail = (error: unknown): never => {
    const code = error instanceof StorageError ? error.code : "internal";
    metrics.incCounter("data_adapter_errors_total", { ...labels, code });
    throw error;
  };
  try {
    const result = call();
    if (result instanceof Promise) return result.catch(fail).finally(end);
    end();
    return result;
  } catch (error) {
    end();
    return fail(error);
  }
}
