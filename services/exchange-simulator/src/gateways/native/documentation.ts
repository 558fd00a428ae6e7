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

/** Without the bar that offers to load other descriptions. */
const PAGE_STYLE = ".swagger-ui .topbar { display: none; }";

const DESCRIPTION = `A simulated crypto spot venue: accounts, funds, orders and market data.

Money, prices and quantities are decimal strings; times are RFC 3339 in UTC; ids are UUIDs. Every
answer that isn't success is \`application/problem+json\` with a stable \`code\` and, where a field is
at fault, its name and the rule it breaks. Lists are newest first; \`nextCursor\` leads on.

Send a key as \`Authorization: Bearer <keyId>.<secret>\`. Its scopes are \`read\`, \`trade\` and
\`admin\`, each including those before it. A key sees its own account and that account's
sub-accounts; anything else is 404 to it.

A POST with an \`Idempotency-Key\` acts once in 24 hours of world time, however often it is sent, also
across a restart: sent again, byte for byte, it gets the first answer again with
\`Idempotent-Replay: true\`. What never reached the venue (400, 401, 403, 404, 429, 503) is forgotten and
may be tried again. Each account has its own keys.`;

const TAGS = [
  { name: "System", description: "How the service is, and what its errors mean." },
  { name: "Market data", description: "Instruments, books and trades; no key needed." },
  { name: "Accounts", description: "Accounts, and families of a master and its sub-accounts." },
  { name: "Keys", description: "API keys of an account." },
  { name: "Funds", description: "Balances, transfers, and every movement of money." },
  { name: "Orders", description: "Orders and their fills." },
  { name: "Streams", description: "Server-sent events; each goes on from `Last-Event-ID`." },
];

type Json = Record<string, unknown>;

interface Parameter {
  readonly required: boolean;
  readonly schema: Json;
  example?: unknown;
}

interface Operation {
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  readonly responses: Readonly<Record<string, { description: string }>>;
}

interface Document extends Json {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> };
}

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
      tags: TAGS,
      components: {
        securitySchemes: {
          key: { type: "http", scheme: "bearer", bearerFormat: "<keyId>.<secret>" },
        },
      },
    },
    transform: (route) => {
      const { schema, url } = toSchema(route);
      const { config, method } = route.route;
      const named = { ...schema, operationId: operationId(String(method), url) };
      if (config?.scope === undefined) return { schema: named, url };
      const scope = `Scope: \`${config.scope}\`.`;
      const description = [schema.description, scope].filter(Boolean).join("\n\n");
      return { schema: { ...named, description, security: [{ key: [] }] }, url };
    },
    transformObject: (source) => finished(toDocument(source) as unknown as Document) as never,
  });
  app.register(swaggerUi, {
    routePrefix: "/docs",
    staticCSP: PAGE_POLICY,
    theme: {
      title: "exchange-simulator",
      css: [{ filename: "page.css", content: PAGE_STYLE }],
    },
    uiConfig: { docExpansion: "list", deepLinking: false, tryItOutEnabled: true },
  });
  const hidden = { schema: { hide: true } };
  for (const path of ["/openapi.json", "/api/v1/openapi.json"]) {
    app.get(path, hidden, async () => app.swagger());
  }
}

/** @example operationId("GET", "/api/v1/orders/:orderId") // "getOrdersOrderId" */
function operationId(method: string, url: string): string {
  const words = url.replace("/api/v1", "").split(/[^A-Za-z]+/);
  const capitalised = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return method.toLowerCase() + capitalised.join("");
}

/** The document with its answers described, and without the components that nothing refers to. */
function finished(document: Document): Json {
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    for (const response of Object.values(operation.responses)) {
      if (response.description === "Default Response") response.description = operation.summary;
    }
    for (const parameter of operation.parameters ?? []) offerExample(parameter);
  }
  return withoutUnused(document);
}

/** The page fills a parameter's example in: of an optional one it shall stay an example. */
function offerExample(parameter: Parameter): void {
  if (parameter.required || parameter.example === undefined) return;
  parameter.schema.examples = [parameter.example];
  delete parameter.example;
}

function withoutUnused({ components, ...rest }: Document): Json {
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
