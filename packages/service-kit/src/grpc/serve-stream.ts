import type { DescMethodServerStreaming } from "@bufbuild/protobuf";
import type { handleServerStreamingCall, ServerWritableStream } from "@grpc/grpc-js";
import { shuttingDown } from "../http/framework-problems.ts";
import type { Problem } from "../http/problem.ts";
import type { Reply, StreamHandler } from "./handlers.ts";
import type { Outlet } from "./outlet.ts";
import { refuse } from "./refuse.ts";
import { type CallParts, ServedCall } from "./served-call.ts";
import { Malformed } from "./wire.ts";

/** A stream's handler as the library calls it. */
export function serveStream<Method extends DescMethodServerStreaming>(
  parts: CallParts,
  method: Method,
  handler: StreamHandler<Method>,
): handleServerStreamingCall<Malformed | Parameters<StreamHandler<Method>>[0], Reply<Method>> {
  return async (call) => {
    const outlet = new CallOutlet<Reply<Method>>(parts, new ServedCall(parts, method, call), call);
    try {
      if (call.request instanceof Malformed) throw call.request.problem();
      await handler(call.request, outlet.served, outlet);
    } catch (error) {
      outlet.fail(error);
    }
  };
}

/** The open end of a stream. The library holds a few messages for a slow reader before it says so. */
class CallOutlet<Item> implements Outlet<Item> {
  readonly served: ServedCall;
  readonly #parts: CallParts;
  readonly #call: ServerWritableStream<unknown, Item>;

  constructor(parts: CallParts, served: ServedCall, call: ServerWritableStream<unknown, Item>) {
    this.#parts = parts;
    this.served = served;
    this.#call = call;
    parts.streams.add(this);
    served.signal.addEventListener("abort", () => parts.streams.delete(this), { once: true });
  }

  get writable(): boolean {
    return !this.served.ended && !this.#call.writableNeedDrain;
  }

  write(item: Item): boolean {
    if (this.served.ended) return false;
    return this.#call.write(item);
  }

  onDrain(listener: () => void): void {
    this.#call.on("drain", () => {
      if (!this.served.ended) listener();
    });
  }

  end(problem?: Problem): void {
    if (problem !== undefined) {
      this.fail(problem);
      return;
    }
    if (!this.served.end("OK")) return;
    this.#call.end();
    this.served.abort();
  }

  /** Ends the stream with what the caller may know of an error. */
  fail(error: unknown): void {
    const { status, code } = refuse(this.#parts, this.served, error);
    if (!this.served.end(code)) return;
    this.#call.emit("error", status);
    this.served.abort();
  }

  stop(): void {
    this.end(shuttingDown());
  }
}
