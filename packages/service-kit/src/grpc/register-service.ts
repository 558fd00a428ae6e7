import type { DescMethod, DescMethodServerStreaming, DescMethodUnary } from "@bufbuild/protobuf";
import type { Server, UntypedHandleCall } from "@grpc/grpc-js";
import { assert } from "@tse/domain";
import { Problem } from "../http/problem.ts";
import type {
  Reply,
  ServiceHandlers,
  StreamHandler,
  TypedService,
  UnaryHandler,
} from "./handlers.ts";
import { serveStream } from "./serve-stream.ts";
import { serveUnary } from "./serve-unary.ts";
import type { CallParts } from "./served-call.ts";
import { decode, encode } from "./wire.ts";

/** Makes the server answer a service's methods. One without a handler is UNIMPLEMENTED, and measured. */
export function registerService<Service extends TypedService>(
  server: Server,
  parts: CallParts,
  service: Service,
  handlers: ServiceHandlers<Service>,
): void {
  for (const method of service.methods) {
    const handler: unknown = handlers[method.localName] ?? unimplemented;
    const [type, handle] = served(parts, method, handler);
    const isNew = server.register(
      `/${service.typeName}/${method.name}`,
      handle,
      (reply: Reply<DescMethod>) => encode(method.output, reply),
      (bytes) => decode(method.input, bytes),
      type,
    );
    assert(isNew, `a method is served once: ${service.typeName}/${method.name}`);
  }
}

function served(
  parts: CallParts,
  method: DescMethod,
  handler: unknown,
): readonly [type: "unary" | "serverStream", handle: UntypedHandleCall] {
  if (method.methodKind === "unary") {
    return [
      "unary",
      serveUnary(parts, method as DescMethodUnary, handler as UnaryHandler<DescMethodUnary>),
    ];
  }
  assert(method.methodKind === "server_streaming", "a method takes one request");
  const stream = handler as StreamHandler<DescMethodServerStreaming>;
  return ["serverStream", serveStream(parts, method as DescMethodServerStreaming, stream)];
}

/** The handler of a method that has none. */
export function unimplemented(): never {
  throw new Problem({
    status: 501,
    code: "unimplemented",
    title: "This method is not implemented here",
  });
}
