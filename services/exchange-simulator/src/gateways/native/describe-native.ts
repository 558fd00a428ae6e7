import { documentation, type HttpHost } from "@tse/service-kit";

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

/** The native API's description, and the page to read it. */
export function describeNative(app: HttpHost, { version }: { readonly version: string }): void {
  documentation(app, {
    title: "exchange-simulator",
    version,
    description: DESCRIPTION,
    tags: TAGS,
    securitySchemes: {
      key: { type: "http", scheme: "bearer", bearerFormat: "<keyId>.<secret>" },
    },
    scopeOf: (config) => config?.scope,
  });
}
