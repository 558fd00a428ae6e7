import {
  type DescMethod,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
} from "@bufbuild/protobuf";
import {
  Client,
  type ClientReadableStream,
  credentials,
  Metadata,
  type CallOptions as RawCallOptions,
  type ServiceError,
} from "@grpc/grpc-js";
import { assert } from "@tse/domain";
import { GrpcCallFailed } from "./grpc-call-failed.ts";
import type { TypedService } from "./handlers.ts";
import { encode } from "./wire.ts";

export interface GrpcChannelOptions {
  /** Largest answer; 4 MiB by default. */
  readonly responseBytesMax?: number;
  /** First and longest pause between attempts to connect; 250 ms and 10 s by default. */
  readonly reconnectMs?: { readonly first: number; readonly longest: number };
}

export interface GrpcCallOptions {
  /** Gives the call up: it then fails with the signal's reason. */
  readonly signal?: AbortSignal;
  /** After which the call fails with DEADLINE_EXCEEDED, at both ends; 30 s by default, for streams never. */
  readonly timeoutMs?: number;
  readonly correlationId?: string;
  /** To send along, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Waits while there is no connection, instead of failing with UNAVAILABLE at once. */
  readonly waitForReady?: boolean;
}

/** A service's methods at the other side. All of them fail with `GrpcCallFailed`. */
export type GrpcClient<Service extends TypedService> = {
  readonly [Name in keyof Service["method"]]: Service["method"][Name]["methodKind"] extends "unary"
    ? UnaryCall<Service["method"][Name]>
    : Service["method"][Name]["methodKind"] extends "server_streaming"
      ? StreamCall<Service["method"][Name]>
      : never;
};

type UnaryCall<Method extends DescMethod> = (
  request: MessageInitShape<Method["input"]>,
  options?: GrpcCallOptions,
) => Promise<MessageShape<Method["output"]>>;

/** Begins at once, not at the first read. Leaving the loop ends it; a slow loop slows the other side. */
type StreamCall<Method extends DescMethod> = (
  request: MessageInitShape<Method["input"]>,
  options?: GrpcCallOptions,
) => AsyncIterable<MessageShape<Method["output"]>>;

/**
 * A connection to one address, without encryption: made at the first call, and made anew when it is lost,
 * with growing pauses. A stream that broke is the caller's to begin again.
 */
export class GrpcChannel {
  readonly #client: Client;

  /** @param address `127.0.0.1:9096` */
  constructor(address: string, options: GrpcChannelOptions = {}) {
    const { responseBytesMax = 4_194_304, reconnectMs = { first: 250, longest: 10_000 } } = options;
    this.#client = new Client(address, credentials.createInsecure(), {
      "grpc.max_receive_message_length": responseBytesMax,
      "grpc.initial_reconnect_backoff_ms": reconnectMs.first,
      "grpc.min_reconnect_backoff_ms": reconnectMs.first,
      "grpc.max_reconnect_backoff_ms": reconnectMs.longest,
      "grpc.keepalive_time_ms": 30_000,
      "grpc.keepalive_timeout_ms": 10_000,
      "grpc.service_config_disable_resolution": 1,
      // Nothing is shared with other channels of the process, nor taken from its environment.
      "grpc.use_local_subchannel_pool": 1,
      "grpc.enable_http_proxy": 0,
      "grpc.enable_channelz": 0,
    });
  }

  client<Service extends TypedService>(service: Service): GrpcClient<Service> {
    const calls = service.methods.map((method) => {
      assert(method.methodKind !== "client_streaming", "a method takes one request");
      assert(method.methodKind !== "bidi_streaming", "a method takes one request");
      const call = method.methodKind === "unary" ? this.#unary(method) : this.#stream(method);
      return [method.localName, call] as const;
    });
    return Object.fromEntries(calls) as GrpcClient<Service>;
  }

  /** Resolves when the connection stands. @throws Error when it doesn't in time */
  ready(withinMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#client.waitForReady(Date.now() + withinMs, (error) =>
        error === undefined ? resolve() : reject(error),
      );
    });
  }

  /** Ends the connection when the calls that are open have ended. */
  close(): void {
    this.#client.close();
  }

  #unary<Method extends DescMethod>(method: Method): UnaryCall<Method> {
    const path = pathOf(method);
    return (request, options = {}) =>
      new Promise((resolve, reject) => {
        const { signal, timeoutMs = 30_000 } = options;
        if (signal?.aborted) return reject(signal.reason);
        const cancel = (): void => call.cancel();
        const call = this.#client.makeUnaryRequest(
          path,
          (value: typeof request) => encode(method.input, value),
          (bytes) => fromBinary<Method["output"]>(method.output, bytes),
          request,
          metadataOf(options),
          deadlineIn(timeoutMs),
          (error, reply) => {
            signal?.removeEventListener("abort", cancel);
            if (error === null) resolve(reply as MessageShape<Method["output"]>);
            else reject(signal?.aborted ? signal.reason : new GrpcCallFailed(path, error));
          },
        );
        signal?.addEventListener("abort", cancel, { once: true });
      });
  }

  #stream<Method extends DescMethod>(method: Method): StreamCall<Method> {
    const path = pathOf(method);
    return (request, options = {}) => {
      options.signal?.throwIfAborted();
      const call = this.#client.makeServerStreamRequest(
        path,
        (value: typeof request) => encode(method.input, value),
        (bytes) => fromBinary<Method["output"]>(method.output, bytes),
        request,
        metadataOf(options),
        deadlineIn(options.timeoutMs),
      );
      return readAll(call, path, options.signal);
    };
  }
}

function readAll<Message>(
  call: ClientReadableStream<Message>,
  path: string,
  signal: AbortSignal | undefined,
): AsyncIterable<Message> {
  const cancel = (): void => call.cancel();
  let failure: unknown;
  // It may fail while nobody reads; the library tells it only once.
  call.on("error", (error) => {
    failure = error;
  });
  signal?.addEventListener("abort", cancel, { once: true });

  return {
    async *[Symbol.asyncIterator]() {
      try {
        for await (const message of call) yield message as Message;
        if (failure !== undefined) throw failure;
      } catch (error) {
        throw signal?.aborted ? signal.reason : new GrpcCallFailed(path, error as ServiceError);
      } finally {
        signal?.removeEventListener("abort", cancel);
        call.cancel();
      }
    },
  };
}

function pathOf({ parent, name }: DescMethod): string {
  return `/${parent.typeName}/${name}`;
}

function metadataOf({ correlationId, headers, waitForReady = false }: GrpcCallOptions): Metadata {
  const metadata = new Metadata({ waitForReady });
  for (const [name, value] of Object.entries(headers ?? {})) metadata.set(name, value);
  if (correlationId !== undefined) metadata.set("x-correlation-id", correlationId);
  return metadata;
}

function deadlineIn(timeoutMs: number | undefined): RawCallOptions {
  return timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
}
