import { type Duration, duration } from "@tse/domain";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import {
  type ClockChange,
  type ClockRefusal,
  type ClockState,
  type ControllableClock,
  SPEED_MAX,
  SPEED_MIN,
} from "../clock/controllable-clock.ts";
import { formatTime } from "../clock/system-time.ts";
import { parseDuration } from "../config/parsers.ts";
import { validationFailed } from "../http/framework-problems.ts";
import type { HttpHost } from "../http/host.ts";
import { Problem } from "../http/problem.ts";
import { instant } from "../http/schema/scalars.ts";

export interface ClockRoutesParts {
  readonly clock: ControllableClock;
  /** Puts a change into the audit trail before it is answered. */
  readonly onChange: (state: ClockState, request: FastifyRequest) => Promise<void>;
}

const tags = ["Clock"];

/** Longest advance in one request. */
const ADVANCE_MAX = duration(366 * 86_400 * 1_000_000);

const clockChange = z.strictObject({
  mode: z.enum(["real", "virtual"]),
  now: instant("World time to jump to; every timer on the way runs.").optional(),
  speed: z.number().optional(),
});

const by = z.string().transform((text, context) => {
  const length = parseDuration(text);
  if (length !== undefined && length <= ADVANCE_MAX) return length;
  const message = "must be a duration such as 100ms, 30s or 5m, at most 8784h";
  context.addIssue({ code: "custom", message, params: { rule: "duration" } });
  return z.NEVER;
});

const advance = z.strictObject({ by });

/**
 * The world's clock: read, frozen, advanced, sped up. A change is in the audit trail; an advance is time
 * that passes, in one step or in many, and isn't.
 */
export function clockRoutes(app: HttpHost, { clock, onChange }: ClockRoutesParts): void {
  app.get("/admin/clock", { schema: { tags } }, async () => render(clock.state()));
  app.put("/admin/clock", { schema: { tags, body: clockChange } }, async (request) => {
    const { body, logger } = request;
    const { mode, now, speed } = body;
    const change: ClockChange = {
      mode,
      ...(now === undefined ? {} : { now }),
      ...(speed === undefined ? {} : { speed }),
    };
    throwRefusal(await clock.set(change));
    const state = clock.state();
    logger.info("clock changed", { mode, speed: state.speed });
    await onChange(state, request);
    return render(clock.state());
  });
  app.post("/admin/clock/advance", { schema: { tags, body: advance } }, async ({ body }) => {
    const length: Duration = body.by;
    throwRefusal(await clock.advance(length));
    return render(clock.state());
  });
}

function render({ mode, now, speed, pendingTimers }: ClockState) {
  return { mode, now: formatTime(now), speed, frozen: speed === 0, pendingTimers };
}

/** What was wrong with the request, by the clock's own word for it. */
const FIELDS = {
  time_goes_backward: { field: "now", message: "is before the world's time" },
  too_far: { field: "now", message: "must be at most 8784h ahead, and not after 2254-06-04" },
  speed_out_of_range: { field: "speed", message: `must be 0 or from ${SPEED_MIN} to ${SPEED_MAX}` },
  not_virtual: { field: "mode", message: "must be virtual for now and speed" },
} as const;

function throwRefusal(refusal: ClockRefusal | undefined): void {
  if (refusal === undefined) return;
  if (refusal === "not_frozen") {
    throw new Problem({
      status: 409,
      code: "clock_not_frozen",
      title: "Only a frozen clock can be advanced",
      detail: 'Freeze it first: PUT /admin/clock {"mode":"virtual"}',
    });
  }
  if (refusal === "stopped") {
    throw new Problem({
      status: 503,
      code: "shutting_down",
      title: "The service is stopping",
      detail: "The clock stopped before it was where it was to go",
    });
  }
  throw validationFailed([{ ...FIELDS[refusal], rule: refusal }]);
}
