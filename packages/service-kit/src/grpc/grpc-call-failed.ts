import { fromBinary } from "@bufbuild/protobuf";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import type { ServiceError } from "@grpc/grpc-js";
import { type ErrorInfo, ErrorInfoSchema, StatusSchema } from "@tse/contracts";
import { type CanonicalStatus, canonicalStatusNamed } from "./canonical-status.ts";
import { DETAILS_KEY } from "./problem-status.ts";

/** A call ended otherwise than well: refused by the other side, or because it can't be reached. */
export class GrpcCallFailed extends Error {
  override name = "GrpcCallFailed";
  readonly status: CanonicalStatus;
  /** The other side's stable code, such as `symbol_not_found`; `undefined` when it gave none. */
  readonly code: string | undefined;
  /** What else it told programs, such as `field` and `rule`. */
  readonly facts: Readonly<Record<string, string>>;

  constructor(method: string, error: ServiceError) {
    const status = canonicalStatusNamed(error.code);
    super(`${method}: ${status} ${error.details}`, { cause: error });
    const info = errorInfoOf(error);
    this.status = status;
    this.code = info?.reason;
    this.facts = info?.metadata ?? {};
  }
}

/** Bytes that aren't details are none: the status says enough. */
function errorInfoOf({ metadata }: ServiceError): ErrorInfo | undefined {
  const [bytes] = metadata?.get(DETAILS_KEY) ?? [];
  if (!(bytes instanceof Uint8Array)) return undefined;
  try {
    for (const detail of fromBinary(StatusSchema, bytes).details) {
      const info = anyUnpack(detail, ErrorInfoSchema);
      if (info !== undefined) return info;
    }
  } catch {}
  return undefined;
}
