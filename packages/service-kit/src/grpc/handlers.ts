import type { DescMethod, DescService, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { GenService, GenServiceMethods } from "@bufbuild/protobuf/codegenv2";
import type { Logger } from "../log/logger.ts";
import { type Outlet, pump } from "./outlet.ts";

/** What a handler knows of its call, whatever protocol it came over. */
export interface CallContext {
  readonly correlationId: string;

  /** Writes lines with the call's correlation id and trace. */
  readonly logger: Logger;

  /**
   * Aborts when the caller gave up, its deadline passed or the service stops; for a stream also when the
   * handler itself has ended it, so that everything can be let go of in one place.
   */
  readonly signal: AbortSignal;

  /** What the caller sent along under this name, such as `authorization`. */
  header(name: string): string | undefined;
}

/** A message, or its bytes when they are encoded already: one encoding serves a thousand streams. */
export type Reply<Method extends DescMethod> =
  | MessageShape<Method["output"]>
  | MessageInitShape<Method["output"]>
  | Uint8Array;

/** Answers one request. A refusal is a thrown `Problem`. */
export type UnaryHandler<Method extends DescMethod> = (
  request: MessageShape<Method["input"]>,
  context: CallContext,
) => Reply<Method> | Promise<Reply<Method>>;

/**
 * Answers one request with a stream. The stream lasts until the outlet is ended or `context.signal` aborts;
 * that the handler returned doesn't end it. A refusal is a thrown `Problem`.
 */
export type StreamHandler<Method extends DescMethod> = (
  request: MessageShape<Method["input"]>,
  context: CallContext,
  outlet: Outlet<Reply<Method>>,
) => void | Promise<void>;

/** The handlers of a service's methods, by their names in TypeScript. Methods without one are UNIMPLEMENTED. */
export type ServiceHandlers<Service extends DescService> = {
  readonly [Name in keyof Service["method"]]?: Service["method"][Name]["methodKind"] extends "unary"
    ? UnaryHandler<Service["method"][Name]>
    : Service["method"][Name]["methodKind"] extends "server_streaming"
      ? StreamHandler<Service["method"][Name]>
      : never;
};

/** A service whose methods are known to the types: what generated code describes. */
export type TypedService = GenService<GenServiceMethods>;

/** A stream's handler from one that gives its items one after the other; the stream ends after the last. */
export function streaming<Method extends DescMethod>(
  items: (
    request: MessageShape<Method["input"]>,
    context: CallContext,
  ) => AsyncIterable<Reply<Method>>,
): StreamHandler<Method> {
  return (request, context, outlet) => pump(items(request, context), outlet, context.signal);
}
