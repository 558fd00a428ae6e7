import {
  create,
  type DescMessage,
  fromBinary,
  isMessage,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { validationFailed } from "../http/framework-problems.ts";
import type { Problem } from "../http/problem.ts";

/** Bytes that aren't the message they should be. */
export class Malformed {
  readonly cause: unknown;

  constructor(cause: unknown) {
    this.cause = cause;
  }

  problem(): Problem {
    const error = { field: "body", rule: "protobuf", message: "is not the method's request" };
    return validationFailed([error], this.cause);
  }
}

/** The bytes of a message, without copying those that are encoded already. */
export function encode<Message extends DescMessage>(
  schema: Message,
  message: MessageInitShape<Message> | Uint8Array,
): Buffer {
  const bytes =
    message instanceof Uint8Array
      ? message
      : toBinary(schema, asMessage(schema, message as MessageInitShape<Message>));
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function asMessage<Message extends DescMessage>(
  schema: Message,
  message: MessageInitShape<Message>,
): MessageShape<Message> {
  return isMessage(message, schema) ? message : create(schema, message);
}

/** The message that the bytes are. Never throws: who reads it refuses what is `Malformed`. */
export function decode<Message extends DescMessage>(
  schema: Message,
  bytes: Uint8Array,
): MessageShape<Message> | Malformed {
  try {
    return fromBinary(schema, bytes);
  } catch (error) {
    return new Malformed(error);
  }
}
