import { type Clock, type Timestamp, timestamp } from "@tse/domain";
import { StorageError } from "../errors.ts";
import type { ServiceInfo } from "./service-discovery-repository.ts";

const SECOND = 1_000_000;

/** Healthy first, then by id: the same order for everybody. */
export function inOrder(services: readonly ServiceInfo[]): readonly ServiceInfo[] {
  const rank = ({ status }: ServiceInfo) => (status === "healthy" ? 0 : 1);
  return [...services].sort((a, b) => rank(a) - rank(b) || (a.serviceId < b.serviceId ? -1 : 1));
}

/** The registry's times are whole seconds. */
export function currentSecond(clock: Clock): Timestamp {
  return timestamp(Math.floor(clock.now() / SECOND) * SECOND);
}

export function notRegistered(serviceId: string): StorageError {
  return new StorageError("not_found", `service not registered: ${serviceId}`);
}

/** The JSON of the registry: the fields of a service, times in unix seconds. */
export function serviceText(service: ServiceInfo): string {
  const { registeredAt, lastHeartbeat, ...rest } = service;
  return JSON.stringify({
    ...rest,
    registeredAt: registeredAt / SECOND,
    lastHeartbeat: lastHeartbeat / SECOND,
  });
}

/** `undefined` for what is no entry: other programs write the registry too. */
export function parseService(text: string): ServiceInfo | undefined {
  const value: unknown = parseJson(text);
  if (!isEntry(value)) return undefined;
  const { registeredAt, lastHeartbeat } = value;
  return {
    ...value,
    registeredAt: timestamp(registeredAt * SECOND),
    lastHeartbeat: timestamp(lastHeartbeat * SECOND),
  };
}

type Entry = Omit<ServiceInfo, "registeredAt" | "lastHeartbeat"> & {
  readonly registeredAt: number;
  readonly lastHeartbeat: number;
};

const TEXTS = ["serviceName", "serviceId", "address", "version", "environment", "status"] as const;
const NUMBERS = ["port", "httpPort", "registeredAt", "lastHeartbeat"] as const;

function isEntry(value: unknown): value is Entry {
  if (typeof value !== "object" || value === null) return false;
  const entry: Readonly<Record<string, unknown>> = { ...value };
  return (
    TEXTS.every((name) => typeof entry[name] === "string") &&
    NUMBERS.every((name) => Number.isSafeInteger(entry[name])) &&
    Array.isArray(entry.tags) &&
    typeof entry.metadata === "object" &&
    entry.metadata !== null
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
