import { buffer } from "node:stream/consumers";
import type { DescMethod, DescMethodServerStreaming, DescMethodUnary } from "@bufbuild/protobuf";
import { type ConnectRouter, createConnectRouter, createContextValues } from "@connectrpc/connect";
import {
  compressionGzip,
  universalRequestFromNodeRequest,
  universalResponseToNodeResponse,
} from "@connectrpc/connect-node";
import { assert, type InvariantViolation } from "@tse/domain";
import type { FastifyReply, FastifyRequest } from "fastify";
import type {
  ServiceHandlers,
  StreamHandler,
  TypedService,
  UnaryHandler,
} from "../grpc/handlers.ts";
import { unimplemented } from "../grpc/register-service.ts";
import { shuttingDown } from "../http/framework-problems.ts";
import { type HttpHost, throwUncaught } from "../http/host.ts";
import { type ConnectParts, REQUEST } from "./connect-call.ts";
import { connectStream, connectUnary } from "./connect-handlers.ts";

export interface ConnectOptions {
  /** Who defines the problems' codes: the service's name. */
  readonly service: string;
  /** Largest request; 1 MiB by default. */
  readonly requestBytesMax?: number;
  /** Told of a bug after its call was answered. By default it goes on as an uncaught error. */
  readonly onBug?: (bug: InvariantViolation) => void;
}

type Route = ConnectRouter["handlers"][number];

const CONTENT_TYPES = /^application\/(json|proto|connect\+json|connect\+proto)\s*(;|$)/i;

/** A single message, as bytes. */
const BINARY = /^application\/proto\s*(;|$)/i;

/**
 * Serves a service over the Connect protocol, `POST /<package>.<Service>/<Method>` with JSON or binary, by
 * the handlers that serve it over gRPC. To be called before the host listens.
 */
export function connectService<Service extends TypedService>(
  app: HttpHost,
  service: Service,
  handlers: ServiceHandlers<Service>,
  options: ConnectOptions,
): void {
  const parts: ConnectParts = {
    domain: options.service,
    onBug: options.onBug ?? throwUncaught,
    streams: new Set(),
  };
  const router = createConnectRouter({
    grpc: false,
    grpcWeb: false,
    acceptCompression: [compressionGzip],
    readMaxBytes: options.requestBytesMax ?? 1_048_576,
  });
  for (const method of service.methods) {
    add(router, parts, method, handlers[method.localName] ?? unimplemented);
  }

  app.addHook("preClose", async () => {
    for (const stream of parts.streams) stream.end(shuttingDown());
  });
  app.register((scope, _, ready) => {
    // The protocol reads its bodies itself.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(CONTENT_TYPES, (_request, _body, done) => done(null));
    for (const route of router.handlers) {
      scope.post(route.requestPath, (request, reply) => answer(route, request, reply));
    }
    ready();
  });
}

function add(
  router: ConnectRouter,
  parts: ConnectParts,
  method: DescMethod,
  handler: unknown,
): void {
  if (method.methodKind === "unary") {
    const unary = method as DescMethodUnary;
    router.rpc(unary, connectUnary(parts, unary, handler as UnaryHandler<DescMethodUnary>));
    return;
  }
  assert(method.methodKind === "server_streaming", "a method takes one request");
  const stream = method as DescMethodServerStreaming;
  router.rpc(
    stream,
    connectStream(parts, stream, handler as StreamHandler<DescMethodServerStreaming>),
  );
}

type Answered = Awaited<ReturnType<Route>>;

/** The library takes bytes that are no message for a failure of its own: here they are the caller's. */
async function blamingRequest(answered: Answered): Promise<Answered> {
  if (answered.status !== 500 || answered.body === undefined) return answered;
  const body = await buffer(answered.body);
  const text = body.toString();
  if (!text.includes('"message":"parse binary: ')) return { ...answered, body: once(body) };
  const message = "the body is no message of this method";
  const blaming = Buffer.from(JSON.stringify({ code: "invalid_argument", message }));
  const header = new Headers(answered.header);
  header.set("Content-Length", String(blaming.length));
  return { ...answered, status: 400, header, body: once(blaming) };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Answers past the framework, with the headers that it would have sent. */
function answer(route: Route, request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
  const values = createContextValues().set(REQUEST, request);
  const call = universalRequestFromNodeRequest(request.raw, reply.raw, undefined, values);
  const isBinary = BINARY.test(request.headers["content-type"] ?? "");
  route(call)
    .then((answered) => (isBinary ? blamingRequest(answered) : answered))
    .then((answered) => universalResponseToNodeResponse(answered, reply.raw))
    .catch((error: unknown) => {
      // Handlers' failures are answered: what is left is a connection that broke.
      request.logger.debug("connection lost", { error });
      reply.raw.destroy();
    });
}
