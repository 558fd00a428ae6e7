import type { FastifyRequest } from "fastify";
import type { Origin } from "../exchange.ts";

/** Who an operator's commands come from. */
export function adminOrigin(request: FastifyRequest): Origin {
  return { actor: "admin", correlationId: request.id };
}
