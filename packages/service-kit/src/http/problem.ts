import { type CanonicalStatus, canonicalStatusOf } from "../grpc/canonical-status.ts";

/** One thing wrong with a request. */
export interface FieldError {
  /** Name of the field as the client knows it, nested ones with dots; `body`, `query` or `path` for all of one. */
  readonly field: string;
  readonly rule: string;
  readonly message: string;
}

export interface ProblemOptions {
  readonly status: number;
  /** Over gRPC; by default what fits `status`. */
  readonly grpcStatus?: CanonicalStatus;
  /** Stable name for programs. */
  readonly code: string;
  /** Says what the code means, the same each time. */
  readonly title: string;
  /** Says what happened this time. Shown to the client: no driver's text, no secrets. */
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Members beside the standard ones, such as `orderId`. */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** An answer that isn't success, over any protocol. Thrown by handlers and hooks, rendered in one place. */
export class Problem extends Error {
  override name = "Problem";
  readonly status: number;
  readonly grpcStatus: CanonicalStatus;
  readonly code: string;
  readonly title: string;
  readonly detail: string | undefined;
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(options: ProblemOptions) {
    super(options.detail ?? options.title, { cause: options.cause });
    this.status = options.status;
    this.grpcStatus = options.grpcStatus ?? canonicalStatusOf(options.status);
    this.code = options.code;
    this.title = options.title;
    this.detail = options.detail;
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
    this.extra = options.extra ?? {};
  }
}

/** The request a problem answers, as far as it is known. */
export interface ProblemContext {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly correlationId: string;
}

export interface RenderedProblem {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** How errors look below one path prefix, instead of problem+json: for protocols with a form of their own. */
export interface ErrorRenderer {
  /** Whole segments: `/api/v3` covers `/api/v3` and `/api/v3/order`, not `/api/v30`. */
  readonly prefix: string;
  render(problem: Problem, context: ProblemContext): RenderedProblem;
}

/** A problem as RFC 9457 problem details. `typeBase` and the code make its `type`. */
export function renderProblem(
  problem: Problem,
  context: ProblemContext,
  typeBase: string,
): RenderedProblem {
  const { status, code, title, detail, errors, extra } = problem;
  const body = {
    type: `${typeBase}${code}`,
    title,
    status,
    ...(detail === undefined ? {} : { detail }),
    instance: context.path,
    code,
    correlationId: context.correlationId,
    ...(errors.length === 0 ? {} : { errors }),
    ...extra,
  };
  return { status, contentType: "application/problem+json", body: JSON.stringify(body) };
}

/** Where errors are rendered: by the renderer with the longest prefix of the path, else as problem+json. */
export class ProblemRenderers {
  readonly #typeBase: string;
  readonly #renderers: readonly ErrorRenderer[];

  constructor(renderers: readonly ErrorRenderer[], typeBase: string) {
    this.#renderers = renderers.toSorted((a, b) => b.prefix.length - a.prefix.length);
    this.#typeBase = typeBase;
  }

  render(problem: Problem, context: ProblemContext): RenderedProblem {
    const renderer = this.#renderers.find(
      ({ prefix }) => context.path === prefix || context.path.startsWith(`${prefix}/`),
    );
    return renderer === undefined
      ? renderProblem(problem, context, this.#typeBase)
      : renderer.render(problem, context);
  }
}

/** The path of a request's target, without query and fragment. */
export function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}
