import type { FastifySchemaCompiler } from "fastify";
import { z } from "zod";
import { validationFailed } from "../framework-problems.ts";
import type { HttpHost } from "../host.ts";
import { fieldErrors } from "./field-errors.ts";

const anything = z.strictObject({});

/**
 * How requests of a scope are checked: by zod, fields that a schema doesn't know refused, in the query too.
 * JSON is the only form of a body.
 */
export function checkRequests(app: HttpHost): void {
  app.removeContentTypeParser("application/x-www-form-urlencoded");
  app.setValidatorCompiler(validate);
  // Answers are rendered from types that the schemas make; checking each again would only cost time.
  app.setSerializerCompiler(() => (body) => JSON.stringify(body));
  app.addHook("onRoute", (route) => {
    route.schema = { querystring: anything, ...route.schema };
  });
}

const PARTS: Readonly<Record<string, string>> = { querystring: "query", params: "path" };

const validate: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart = "body" }) => {
  const whole = PARTS[httpPart] ?? httpPart;
  return (value: unknown) => {
    const result = schema.safeParse(value ?? undefined, { reportInput: true });
    if (result.success) return { value: result.data };
    return { error: validationFailed(fieldErrors(result.error.issues, whole)) };
  };
};
