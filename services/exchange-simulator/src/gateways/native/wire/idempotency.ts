import { vocabulary } from "@tse/service-kit/schema";
import { z } from "zod";

/** As Node names it. */
export const IDEMPOTENCY_KEY = "idempotency-key";

const VISIBLE = "^[!-~]{1,255}$";

const idempotencyKey = z
  .string()
  .superRefine((value, context) => {
    if (new RegExp(VISIBLE).test(value)) return;
    const message = "has 1 to 255 visible ASCII characters";
    context.addIssue({ code: "custom", message, params: { rule: "pattern" } });
  })
  .register(vocabulary, {
    description:
      "Unguessable, made anew for each thing to do. The same request with the same key acts once in 24 hours and gets the same answer, with `Idempotent-Replay: true`; another request with it is 409 `idempotency_key_conflict`.",
    pattern: VISIBLE,
    examples: ["8e03978e-40d5-43dd-bc93-6894a57f9324"],
  });

/** Headers of a route that takes an `Idempotency-Key`. */
export const idempotentHeaders = z.looseObject({ [IDEMPOTENCY_KEY]: idempotencyKey.optional() });
