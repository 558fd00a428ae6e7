import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { negotiate } from "@fastify/accept-negotiator";
import type { FastifyInstance, FastifyReply } from "fastify";

const gzipped = promisify(gzip);

/** What is shorter gains too little. In characters. */
const SHORTEST = 1_024;

/** Sends texts as gzip to clients who ask for that; others, and whoever streams, get bytes as they are. */
export function compressReplies(app: FastifyInstance): void {
  app.addHook("onSend", async (request, reply, payload) => {
    if (typeof payload !== "string" || payload.length < SHORTEST) return payload;
    addVary(reply);
    // Names of encodings are the same in upper case; the negotiator takes lower case only.
    const accepted = request.headers["accept-encoding"]?.toString().toLowerCase();
    const encoding = accepted && negotiate(accepted, ["gzip", "identity"]);
    if (encoding !== "gzip" || reply.hasHeader("Content-Encoding")) return payload;
    reply.header("Content-Encoding", "gzip").removeHeader("Content-Length");
    return gzipped(payload);
  });
}

/** Caches must not give one client's encoding to another. */
function addVary(reply: FastifyReply): void {
  const before = reply.getHeader("Vary");
  reply.header("Vary", before === undefined ? "Accept-Encoding" : `${before}, Accept-Encoding`);
}
