import type { DescMethodUnary } from "@bufbuild/protobuf";
import type { handleUnaryCall } from "@grpc/grpc-js";
import type { Reply, UnaryHandler } from "./handlers.ts";
import { refuse } from "./refuse.ts";
import { type CallParts, ServedCall } from "./served-call.ts";
import { Malformed } from "./wire.ts";

/** A handler as the library calls it: whatever happens, the caller gets an answer, once. */
export function serveUnary<Method extends DescMethodUnary>(
  parts: CallParts,
  method: Method,
  handler: UnaryHandler<Method>,
): handleUnaryCall<Malformed | Parameters<UnaryHandler<Method>>[0], Reply<Method>> {
  return async (call, respond) => {
    const served = new ServedCall(parts, method, call);
    try {
      if (call.request instanceof Malformed) throw call.request.problem();
      const reply = await handler(call.request, served);
      if (served.end("OK")) respond(null, reply);
    } catch (error) {
      const { status, code } = refuse(parts, served, error);
      if (served.end(code)) respond(status);
    }
  };
}
