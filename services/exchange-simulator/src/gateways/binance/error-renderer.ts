import type { ErrorRenderer, Problem, RenderedProblem } from "@tse/service-kit";
import { FAILURES, Refused } from "./failures.ts";

/** Where this dialect lives: below these, every error has its form. */
export const PREFIXES = ["/api/v3", "/sapi/v1", "/fapi/v1", "/dapi/v1"] as const;

/** What may go wrong before or around a handler, by the host's own code for it. */
const AROUND: Readonly<Record<string, { readonly code: number; readonly msg: string }>> = {
  exchange_maintenance: FAILURES.overloaded,
  shutting_down: FAILURES.disconnected,
  validation_failed: FAILURES.json,
  internal: FAILURES.unknown,
};

/** Renders every error below the dialect's prefixes as `{code, msg}`, whoever raised it. */
export const errorRenderers: readonly ErrorRenderer[] = PREFIXES.map((prefix) => ({
  prefix,
  render: (problem) =>
    json(problem.status, problem instanceof Refused ? problem.body : around(problem)),
}));

/** The live exchange answers these at its edge, in no form of its own: the reason is in our words. */
function around({ code, title, status }: Problem): { readonly code: number; readonly msg: string } {
  const { code: number, msg } =
    AROUND[code] ?? (status < 500 ? FAILURES.unsupported : FAILURES.unknown);
  return { code: number, msg: code in AROUND || status >= 500 ? msg : `${msg} ${title}.` };
}

function json(
  status: number,
  { code, msg }: { readonly code: number; readonly msg: string },
): RenderedProblem {
  return {
    status,
    contentType: "application/json;charset=UTF-8",
    body: JSON.stringify({ code, msg }),
  };
}
