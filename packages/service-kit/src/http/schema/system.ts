import { z } from "zod";
import { timeText } from "./scalars.ts";
import { vocabulary } from "./vocabulary.ts";

export const healthReply = z
  .object({
    status: z.literal("healthy"),
    timestamp: timeText("World time."),
    service: z.string(),
    instance: z.string(),
    version: z.string(),
    environment: z.string(),
  })
  .register(vocabulary, { id: "Health" });

export const readyReply = z
  .object({
    status: z.enum(["ready", "degraded", "not_ready"]),
    timestamp: timeText("World time."),
    checks: z.record(z.string(), z.object({ state: z.string() })),
  })
  .register(vocabulary, { id: "Readiness" });

export const timeReply = z
  .object({ serverTime: timeText("World time."), unixMicroseconds: z.int() })
  .register(vocabulary, { id: "Time" });

export const errorList = z
  .object({
    errors: z.array(z.object({ code: z.string(), status: z.int(), title: z.string() })),
  })
  .register(vocabulary, { id: "ErrorCatalogue" });
