import type { DescMethod } from "@bufbuild/protobuf";
import { ConnectError, createContextKey, type HandlerContext } from "@connectrpc/connect";
import { ErrorInfoSchema } from "@tse/contracts";
import { assert, type InvariantViolation } from "@tse/domain";
import type { FastifyRequest } from "fastify";
import type { CallContext } from "../grpc/handlers.ts";
import { canonicalProblem } from "../grpc/problem-status.ts";
import { type FailedCall, problemOf } from "../grpc/refuse.ts";
import type { Problem } from "../http/problem.ts";
import { logFailure } from "../log/log-failure.ts";
import type { Logger } from "../log/logger.ts";

/** What all calls over Connect share. */
export interface ConnectParts {
  /** Who defines the problems' codes: the service's name. */
  readonly domain: string;
  readonly onBug: (bug: InvariantViolation) => void;
  /** Streams that are open, to be ended when the host closes. */
  readonly streams: Set<{ end(problem: Problem): void }>;
}

/** The call's request at the HTTP host. */
export const REQUEST = createContextKey<FastifyRequest | undefined>(undefined);

/** One call, as its handler sees it. What HTTP requests have in common is the host's. */
export class ConnectCall implements CallContext, FailedCall {
  readonly #parts: ConnectParts;
  readonly #method: DescMethod;
  readonly #request: FastifyRequest;
  readonly #context: HandlerContext;

  constructor(parts: ConnectParts, context: HandlerContext) {
    const request = context.values.get(REQUEST);
    assert(request !== undefined, "a call over Connect comes with its HTTP request");
    this.#parts = parts;
    this.#method = context.method;
    this.#request = request;
    this.#context = context;
  }

  get correlationId(): string {
    return this.#request.id;
  }

  get logger(): Logger {
    return this.#request.logger;
  }

  get signal(): AbortSignal {
    return this.#context.signal;
  }

  get ended(): boolean {
    return this.signal.aborted;
  }

  header(name: string): string | undefined {
    return this.#context.requestHeader.get(name) ?? undefined;
  }

  logFailure(problem: Problem): void {
    const method = `${this.#method.parent.typeName}/${this.#method.name}`;
    logFailure(this.logger, "call failed", { method }, problem);
  }

  /** A thrown thing in the protocol's form. */
  refuse(error: unknown): ConnectError {
    if (error instanceof ConnectError) return error;
    const { domain, onBug } = this.#parts;
    const problem = problemOf(error, this, onBug);
    const { correlationId } = this;
    const { code, message, info } = canonicalProblem(problem, { domain, correlationId });
    const details = [{ desc: ErrorInfoSchema, value: info }];
    // The protocol's codes are the canonical statuses' numbers.
    return new ConnectError(message, code as number, undefined, details);
  }
}
