import {
  type DescMethod,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
} from "@bufbuild/protobuf";
import type { HandlerContext } from "@connectrpc/connect";
import type { Reply, StreamHandler, UnaryHandler } from "../grpc/handlers.ts";
import { ConnectCall, type ConnectParts } from "./connect-call.ts";
import { QueueOutlet } from "./queue-outlet.ts";

type Input<Method extends DescMethod> = MessageShape<Method["input"]>;
type Output<Method extends DescMethod> = MessageInitShape<Method["output"]>;

/** A handler as the library calls it. */
export function connectUnary<Method extends DescMethodUnary>(
  parts: ConnectParts,
  method: Method,
  handler: UnaryHandler<Method>,
): (request: Input<Method>, context: HandlerContext) => Promise<Output<Method>> {
  return async (request, context) => {
    const call = new ConnectCall(parts, context);
    try {
      return decoded(method, await handler(request, call));
    } catch (error) {
      throw call.refuse(error);
    }
  };
}

/** A stream's handler as the library calls it. */
export function connectStream<Method extends DescMethodServerStreaming>(
  parts: ConnectParts,
  method: Method,
  handler: StreamHandler<Method>,
): (request: Input<Method>, context: HandlerContext) => AsyncIterable<Output<Method>> {
  return async function* (request, context) {
    const call = new ConnectCall(parts, context);
    const outlet = new QueueOutlet<Reply<Method>>();
    parts.streams.add(outlet);
    call.signal.addEventListener("abort", () => outlet.fail(call.signal.reason), { once: true });
    try {
      begin(handler, request, call, outlet);
      for await (const reply of outlet.read()) yield decoded(method, reply);
    } catch (error) {
      throw call.refuse(error);
    } finally {
      parts.streams.delete(outlet);
      outlet.end();
    }
  };
}

/** Starts the handler without waiting for it: the stream lasts until the outlet ends. */
function begin<Method extends DescMethodServerStreaming>(
  handler: StreamHandler<Method>,
  request: Input<Method>,
  call: ConnectCall,
  outlet: QueueOutlet<Reply<Method>>,
): void {
  const run = async (): Promise<void> => {
    try {
      await handler(request, call, outlet);
    } catch (error) {
      outlet.fail(error);
    }
  };
  void run();
}

/** Here bytes are a message again, since the caller may want JSON. */
function decoded<Method extends DescMethod>(method: Method, reply: Reply<Method>): Output<Method> {
  return reply instanceof Uint8Array
    ? fromBinary<Method["output"]>(method.output, reply)
    : (reply as Output<Method>);
}
