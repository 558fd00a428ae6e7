import { status } from "@grpc/grpc-js";

/** How a call ended, by gRPC's names: `OK`, `NOT_FOUND`, `RESOURCE_EXHAUSTED`. */
export type CanonicalStatus = keyof typeof status;

const BY_HTTP_STATUS: Readonly<Record<number, CanonicalStatus>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  409: "FAILED_PRECONDITION",
  412: "FAILED_PRECONDITION",
  413: "RESOURCE_EXHAUSTED",
  422: "FAILED_PRECONDITION",
  429: "RESOURCE_EXHAUSTED",
  501: "UNIMPLEMENTED",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

/** The canonical status that says what an HTTP status does. */
export function canonicalStatusOf(httpStatus: number): CanonicalStatus {
  return BY_HTTP_STATUS[httpStatus] ?? (httpStatus < 500 ? "FAILED_PRECONDITION" : "INTERNAL");
}

/** The name of a status that came as a number; `UNKNOWN` for one that isn't canonical. */
export function canonicalStatusNamed(code: number): CanonicalStatus {
  const name = status[code] as CanonicalStatus | undefined;
  return name ?? "UNKNOWN";
}
