import { parse } from "node:querystring";
import type { FastifyInstance, FastifyRequest } from "fastify";

declare module "fastify" {
  interface FastifyRequest {
    /** The body exactly as it came, for signatures; `""` when there was none. */
    rawBody: string;
  }
}

/**
 * Reads JSON and forms, and no other type. An empty body is no body, whatever its type: real clients
 * send `Content-Type: application/json` with nothing behind it. A JSON body with `__proto__` or
 * `constructor.prototype` in it is refused as not valid JSON.
 */
export function readBodies(app: FastifyInstance): void {
  app.decorateRequest("rawBody", "");
  app.removeAllContentTypeParsers();

  const parseJson = app.getDefaultJsonParser("error", "error");
  app.addContentTypeParser<string>(
    "application/json",
    { parseAs: "string" },
    (request: FastifyRequest, body, done) => {
      request.rawBody = body;
      if (body === "") done(null, undefined);
      else void parseJson(request, body, done);
    },
  );
  app.addContentTypeParser<string>(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (request: FastifyRequest, body, done) => {
      request.rawBody = body;
      done(null, body === "" ? undefined : parse(body));
    },
  );
}
