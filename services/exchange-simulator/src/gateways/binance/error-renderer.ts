import type { ErrorRenderer, Problem, RenderedProblem } from "@tse/service-kit";
import { FAILURES, Refused } from "./failures.ts";

/** Where this dialect lives: below these, every error has its form. */
const PREFIXES = ["/api/v3", "/sapi/v1", "/fapi/v1", "/dapi/v1"] as const;

/** Errors of the host that the live exchange has a form for, by the host's own code. */
const AROUND: Readonly<Record<string, Form>> = {
  exchange_maintenance: FAILURES.overloaded,
  shutting_down: FAILURES.disconnected,
  internal: FAILURES.unknown,
};

interface Form {
  readonly code: number;
  readonly msg: string;
}

/** Renders every error below the dialect's prefixes as `{code, msg}`, whoever raised it. */
export const errorRenderers: readonly ErrorRenderer[] = PREFIXES.map((prefix) => ({
  prefix,
  render(problem): RenderedProblem {
    const { code, msg } = problem instanceof Refused ? problem.body : around(problem);
    return {
      status: problem.status,
      contentType: "application/json;charset=UTF-8",
      body: JSON.stringify({ code, msg }),
    };
  },
}));

/** An error raised before or around a handler. What only our host knows is said in its words. */
function around({ code, title, errors, status }: Problem): Form {
  if (errors[0]?.rule === "json") return FAILURES.json;
  const known = Object.hasOwn(AROUND, code) ? AROUND[code] : undefined;
  if (known !== undefined) return known;
  const { code: number, msg } = FAILURES.unsupported;
  return status >= 500 ? FAILURES.unknown : { code: number, msg: `${msg} ${title}.` };
}
