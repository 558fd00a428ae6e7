import { z } from "zod";
import { faultType } from "./fault.ts";

/** Production REST and WebSocket answer 503 with `error_message`; the process itself stays healthy. */
export const downtime = faultType({
  settings: { error_message: z.string().min(1).max(200).default("exchange_maintenance") },
  effect: ({ error_message }) => ({ downtime: error_message }),
});
