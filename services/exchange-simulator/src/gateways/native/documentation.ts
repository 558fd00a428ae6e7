import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { HttpHost } from "@tse/service-kit";
import {
  createJsonSchemaTransform,
  createJsonSchemaTransformObject,
} from "fastify-type-provider-zod";
import { vocabulary } from "./wire/vocabulary.ts";

/** The page runs its own scripts and talks to its own host: it works offline, and tells nobody. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const DESCRIPTION = `A simulated crypto spot venue: accounts, funds, orders and market data.

Money, prices and quantities are decimal strings; times are RFC 3339 in UTC; ids are UUIDs. Every
answer that isn't success is \`application/problem+json\` with a stable \`code\` and, where a field is
at fault, its name and the rule it breaks. Lists are newest first; \`nextCursor\` leads on.

Send a key as \`Authorization: Bearer <keyId>.<secret>\`. Its scopes are \`read\`, \`trade\` and
\`admin\`, each including those before it. A key sees its own account and that account's
sub-accounts; anything else is 404 to it.`;

type Json = Record<string, unknown>;

const toSchema = createJsonSchemaTransform({ schemaRegistry: vocabulary });
const toDocument = createJsonSchemaTransformObject({ schemaRegistry: vocabulary });

/**
 * The API description, made of the very schemas that validate, at \`/openapi.json\` and
 * \`/api/v1/openapi.json\`, and a page to read it at \`/docs\`. Covers every tagged route that is
 * registered after it.
 */
export function documentation(app: HttpHost, { version }: { readonly version: string }): void {
  app.register(swagger, {
    hideUntagged: true,
    openapi: {
      openapi: "3.1.0",
      info: { title: "exchange-simulator", version, description: DESCRIPTION },
      servers: [{ url: "/" }],
      components: {
        securitySchemes: {
          key: { type: "http", scheme: "bearer", bearerFormat: "<keyId>.<secret>" },
        },
      },
    },
    transform: (route) => {
      const scope = route.route.config?.scope;
      const { schema, url } = toSchema(route);
      if (scope === undefined) return { schema, url };
      const description = [schema.description, `Scope: \`${scope}\`.`].filter(Boolean).join("\n\n");
      return { schema: { ...schema, description, security: [{ key: [] }] }, url };
    },
    transformObject: (source) => withoutUnused(toDocument(source) as Json) as never,
  });
  app.register(swaggerUi, {
    routePrefix: "/docs",
    staticCSP: PAGE_POLICY,
    theme: { title: "exchange-simulator" },
    uiConfig: { docExpansion: "list", deepLinking: false, tryItOutEnabled: true },
  });
  const hidden = { schema: { hide: true } };
  for (const path of ["/openapi.json", "/api/v1/openapi.json"]) {
    app.get(path, hidden, async () => app.swagger());
  }
}

/** The document without the components that nothing in it refers to. */
function withoutUnused(document: Json): Json {
  const { components, ...rest } = document as { components: { schemas: Record<string, Json> } };
  const used = new Set<string>();
  const waiting = referencesIn(rest);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (used.has(name)) continue;
    used.add(name);
    waiting.push(...referencesIn(components.schemas[name]));
  }
  const schemas = Object.entries(components.schemas).filter(([name]) => used.has(name));
  return { ...rest, components: { ...components, schemas: Object.fromEntries(schemas) } };
}

function referencesIn(value: unknown): string[] {
  const found = JSON.stringify(value ?? {}).matchAll(/"#\/components\/schemas\/([^"]+)"/g);
  return [...found].map(([, name]) => name as string);
}
