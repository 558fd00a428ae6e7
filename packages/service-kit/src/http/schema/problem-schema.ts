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

/** What each status of an answer that isn't success means, to describe routes with. */
type Meanings = Readonly<Record<number, string>>;

/**
 * Makes what describes the answers of a route that aren't success.
 *
 * @param meanings of every status that a route of the protocol may answer; `always` of every route
 */
export function refusalsWith<const M extends Meanings>(
  meanings: M,
  always: readonly (keyof M & number)[] = [400, 429],
) {
  const content = { "application/problem+json": { schema: problemSchema } };
  return (...statuses: readonly (keyof M & number)[]) => {
    const all = [...new Set([...always, ...statuses])];
    return Object.fromEntries(
      all.map((status) => [status, { description: meanings[status], content }]),
    ) as Record<never, never>;
  };
}
