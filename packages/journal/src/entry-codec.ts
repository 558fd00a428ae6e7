import type { AccountNumber, Command } from "@tse/domain";
import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";
import type { IdempotentRequest, LogEntry, Origin } from "./command-log.ts";
import { readCompact, writeCompact } from "./compact-command.ts";
import { fromExactJson, toExactJson } from "./exact-json.ts";

/**
 * What is in a frame besides its header: who asked, and the command.
 *
 * ```
 * form  origin                                    command
 * u8    actor, correlation [, account, key,       compact, or JSON
 *       hash, reply]
 * ```
 *
 * The compact forms hold the fields that this version knows, all of them and no other. A command or an
 * origin that is different in any way is written as JSON, so nothing is ever lost by a codec that is
 * older than the command.
 */
const FORM = { compact: 0, json: 1, wholeJson: 2 } as const;
const WITH_REQUEST = 128;

/** Appends `entry` without its sequence and time. Exact: `readEntry` gives back an equal one. */
export function writeEntry(
  to: ByteWriter,
  { origin, command }: Pick<LogEntry, "origin" | "command">,
) {
  if (!isPlainOrigin(origin)) {
    to.byte(FORM.wholeJson);
    to.text(toExactJson([origin, command]));
    return;
  }
  const { request } = origin;
  const start = to.length;
  to.byte(FORM.compact | (request === undefined ? 0 : WITH_REQUEST));
  to.text(origin.actor);
  to.text(origin.correlationId);
  if (request !== undefined) writeRequest(to, request);
  if (writeCompact(to, command)) return;
  (to.bytes as Uint8Array)[start] = FORM.json | (request === undefined ? 0 : WITH_REQUEST);
  to.text(toExactJson(command));
}

/**
 * What `writeEntry` wrote.
 *
 * @throws RangeError, SyntaxError when the bytes are none that it writes
 */
export function readEntry(from: ByteReader): Pick<LogEntry, "origin" | "command"> {
  const form = from.byte();
  if (form === FORM.wholeJson) {
    const [origin, command] = fromExactJson(from.text()) as [Origin, Command];
    return { origin, command };
  }
  const actor = from.text();
  const correlationId = from.text();
  const origin =
    form & WITH_REQUEST
      ? { actor, correlationId, request: readRequest(from) }
      : { actor, correlationId };
  switch (form & ~WITH_REQUEST) {
    case FORM.compact:
      return { origin, command: readCompact(from) };
    case FORM.json:
      return { origin, command: fromExactJson(from.text()) as Command };
    default:
      throw new RangeError(`there is no form ${form} of an entry`);
  }
}

function isPlainOrigin(origin: Origin): boolean {
  if (typeof origin.actor !== "string" || typeof origin.correlationId !== "string") return false;
  const { request } = origin;
  if (request === undefined) return keyCount(origin) === 2;
  return keyCount(origin) === 3 && isPlainRequest(request);
}

function isPlainRequest({ account, key, hash, reply, ...more }: IdempotentRequest): boolean {
  const isText = [key, hash, reply].every((text) => typeof text === "string");
  return isText && Number.isSafeInteger(account) && account >= 0 && keyCount(more) === 0;
}

function writeRequest(to: ByteWriter, { account, key, hash, reply }: IdempotentRequest): void {
  to.count(account);
  to.text(key);
  to.text(hash);
  to.text(reply);
}

function readRequest(from: ByteReader): IdempotentRequest {
  const account = from.count() as AccountNumber;
  return { account, key: from.text(), hash: from.text(), reply: from.text() };
}

function keyCount(object: object): number {
  let keys = 0;
  for (const _ in object) keys++;
  return keys;
}
