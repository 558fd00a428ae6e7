import { z } from "zod";
import { vocabulary } from "./vocabulary.ts";

const fieldError = z
  .object({
    field: z.string(),
    rule: z.string(),
    message: z.string(),
  })
  .register(vocabulary, {
    id: "FieldError",
    description:
      "One thing wrong with a request: the field, the rule it breaks, and a sentence's rest.",
    examples: [{ field: "price", rule: "price_tick", message: "is not a multiple of 0.01" }],
  });

/** RFC 9457 problem details, as every answer that isn't success. */
const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string(),
    code: z.string(),
    correlationId: z.string(),
    errors: z.array(fieldError).optional(),
    orderId: z.string().optional(),
  })
  .register(vocabulary, {
    id: "Problem",
    description:
      "RFC 9457 problem details. `code` is stable; GET /api/v1/errors lists all of them. `orderId` names the rejected order when it was kept.",
    examples: [
      {
        type: "/api/v1/errors#validation_failed",
        title: "The request is not valid",
        status: 400,
        detail: "price: must be above zero",
        instance: "/api/v1/orders",
        code: "validation_failed",
        correlationId: "019b8e4a-7c3c-4002-8000-0d5f8a6c1e11",
        errors: [{ field: "price", rule: "positive", message: "must be above zero" }],
      },
    ],
  });

const DESCRIPTIONS = {
  400: "A field is malformed: `errors` names it and the rule.",
  401: "No valid key.",
  403: "The key's scopes don't allow it, or sign-up is closed.",
  404: "There is no such thing, or it is not the key's to see.",
  409: "It contradicts what is already there.",
  422: "Well-formed, and refused by the venue.",
  429: "Too many requests; `Retry-After` says when to come back.",
  503: "What is asked for is older than memory, and storage can't be read now; try again.",
} as const;

type Status = keyof typeof DESCRIPTIONS;

/** The answers of a route that aren't success, for its description. */
export function refusals<const Statuses extends readonly Status[]>(...statuses: Statuses) {
  const content = { "application/problem+json": { schema: problemSchema } };
  const all: readonly Status[] = [...new Set<Status>([400, 429, ...statuses])];
  return Object.fromEntries(
    all.map((status) => [status, { description: DESCRIPTIONS[status], content }]),
  ) as Record<never, never>;
}
