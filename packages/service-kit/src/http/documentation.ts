import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyContextConfig } from "fastify";
import {
  createJsonSchemaTransform,
  createJsonSchemaTransformObject,
} from "fastify-type-provider-zod";
import type { HttpHost } from "./host.ts";
import { vocabulary } from "./schema/vocabulary.ts";

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

export interface DocumentationOptions {
  readonly title: string;
  readonly version: string;
  /** Markdown. */
  readonly description: string;
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  /** How clients show who they are; absent for an API that asks nobody. */
  readonly securitySchemes?: Readonly<
    Record<"key", { type: "http"; scheme: "bearer"; bearerFormat: string }>
  >;
  /** What a key must allow for a route, by the route's own configuration. */
  readonly scopeOf?: (config: FastifyContextConfig | undefined) => string | undefined;
}

/**
 * The API description, made of the very schemas that validate, at \`/openapi.json\` and
 * \`/api/v1/openapi.json\`, and a page to read it at \`/docs\`. Covers every tagged route that is
 * registered after it.
 */
export function documentation(app: HttpHost, options: DocumentationOptions): void {
  const { title, version, description, tags, securitySchemes, scopeOf } = options;
  app.register(swagger, {
    hideUntagged: true,
    openapi: {
      openapi: "3.1.0",
      info: { title, version, description },
      servers: [{ url: "/" }],
      tags: [...tags],
      components: { securitySchemes: { ...securitySchemes } },
    },
    transform: (route) => {
      const { schema, url } = toSchema(route);
      const named = { ...schema, operationId: operationId(String(route.route.method), url) };
      const scope = scopeOf?.(route.route.config);
      if (scope === undefined) return { schema: named, url };
      const about = [schema.description, `Scope: \`${scope}\`.`].filter(Boolean).join("\n\n");
      return { schema: { ...named, description: about, security: [{ key: [] }] }, url };
    },
    transformObject: (source) => finished(toDocument(source) as unknown as Document) as never,
  });
  app.register(swaggerUi, {
    routePrefix: "/docs",
    staticCSP: PAGE_POLICY,
    theme: {
      title,
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
