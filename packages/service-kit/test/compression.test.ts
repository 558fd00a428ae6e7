import assert from "node:assert/strict";
import { request } from "node:http";
import { before, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { type RunningHost, startHost } from "./support.ts";

const LONG = { text: "a sentence that repeats itself; ".repeat(100) };

describe("a longer reply", () => {
  let host: RunningHost;
  before(async () => {
    host = await startHost(
      (app) => {
        app.get("/long", async () => LONG);
        app.get("/short", async () => ({ text: "short" }));
      },
      { compress: true },
    );
  });

  const get = async (path: string, accepted?: string) => {
    const headers = accepted === undefined ? {} : { "Accept-Encoding": accepted };
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    request(`${host.url}${path}`, { headers }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve({ headers: response.headers, body: Buffer.concat(chunks) });
    })
      .on("error", reject)
      .end();
    return promise;
  };

  interface Answer {
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
    readonly body: Buffer;
  }

  it("is gzip for who asks for it, and says that others may get another form", async () => {
    for (const accepted of ["gzip", "GZIP", "br, gzip;q=0.5", "BR, GZip;Q=0.5", "*"]) {
      const { headers, body } = await get("/long", accepted);
      assert.equal(headers["content-encoding"], "gzip", accepted);
      assert.equal(headers.vary, "Accept-Encoding");
      assert.ok(body.length < 300, String(body.length));
      assert.deepEqual(JSON.parse(gunzipSync(body).toString()), LONG);
    }
  });

  it("is as it is for everybody else, and so is a short one", async () => {
    for (const accepted of [undefined, "identity", "br", "gzip;q=0"]) {
      const { headers, body } = await get("/long", accepted);
      assert.equal(headers["content-encoding"], undefined, accepted);
      assert.equal(headers.vary, "Accept-Encoding");
      assert.deepEqual(JSON.parse(body.toString()), LONG);
    }
    const { headers } = await get("/short", "gzip");
    assert.deepEqual([headers["content-encoding"], headers.vary], [undefined, undefined]);
  });
});
