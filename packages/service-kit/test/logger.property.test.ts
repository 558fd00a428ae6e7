import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { recordingLogger } from "./support.ts";

const SECRET = "s3cr3t-value";

const { fields } = fc.letrec<{ fields: Record<string, unknown> }>((tie) => ({
  fields: fc.dictionary(
    fc.oneof(fc.constantFrom("keyId", "symbol", "headers"), fc.string({ maxLength: 5 })),
    fc.oneof(
      { maxDepth: 4 },
      fc.jsonValue(),
      fc.array(tie("fields"), { maxLength: 2 }),
      tie("fields"),
    ),
    { maxKeys: 4 },
  ),
}));
const names = fc.constantFrom(
  "secret",
  "apiSecret",
  "SECRET_KEY",
  "Authorization",
  "adminToken",
  "x-mbx-apikey",
  "signature",
  "api_key",
  "password",
);

describe("a logger, for all fields", () => {
  it("writes one line of JSON, and never what is named like a secret", () => {
    fc.assert(
      fc.property(fields, names, fc.nat(3), (given, name, depth) => {
        let nested: Record<string, unknown> = { ...given, [name]: { inner: SECRET } };
        for (let i = 0; i < depth; i++) nested = { nested: [nested] };
        const { logger, lines, text } = recordingLogger();
        logger.info("event", { given, nested });

        assert.equal(lines().length, 1);
        assert.equal(lines()[0]?.message, "event");
        assert.ok(!text().includes(SECRET));
      }),
    );
  });
});
