import { create, toBinary } from "@bufbuild/protobuf";
import {
  PriceUpdateSchema,
  type StreamPricesRequest,
  safeInteger,
  toTimestamp,
} from "@tse/contracts";
import type { Timestamp } from "@tse/domain";
import { Problem, validationFailed } from "@tse/service-kit";
import { streamRefused } from "../api/problems.ts";
import { BatchBytes } from "../fan-out/batch-bytes.ts";
import type { StreamEnding } from "../fan-out/subscriber.ts";
import type { PriceStreams, PriceUpdate, StreamRequest } from "../streams/price-updates.ts";

/** Where a stream's bytes go: the part of a call's outlet that is needed. */
export interface BytesSink {
  readonly writable: boolean;
  write(bytes: Uint8Array): boolean;
  onDrain(listener: () => void): void;
  end(problem?: Problem): void;
}

/** One field of a batch begins with its number and kind: 1, length-delimited. */
const UPDATES_FIELD = 0x0a;

/** Prices as gRPC messages, each encoded once for all streams, and so are equal batches. */
export class GrpcPrices {
  readonly #streams: PriceStreams;
  readonly #encoded = new WeakMap<PriceUpdate, Buffer>();
  readonly #batches = new BatchBytes<PriceUpdate>((update) => this.#field(update));

  constructor(streams: PriceStreams) {
    this.#streams = streams;
  }

  /** Before each flush: batches of the one before are forgotten. */
  clear(): void {
    this.#batches.clear();
  }

  /** One message for each update. @throws Problem */
  stream(request: StreamPricesRequest, signal: AbortSignal, sink: BytesSink): void {
    this.#open(request, signal, sink, (updates) => {
      for (const update of updates) sink.write(this.#message(update));
    });
  }

  /** One message for all updates of a short while: the form for high rates. @throws Problem */
  streamBatches(request: StreamPricesRequest, signal: AbortSignal, sink: BytesSink): void {
    this.#open(request, signal, sink, (updates) => sink.write(this.#batches.of(updates)));
  }

  #open(
    request: StreamPricesRequest,
    signal: AbortSignal,
    sink: BytesSink,
    take: (updates: readonly PriceUpdate[]) => void,
  ): void {
    const stream = this.#streams.open(readRequest(request), {
      kind: "grpc",
      get isReady() {
        return sink.writable;
      },
      take,
      end: (why) => sink.end(endingOf(why)),
    });
    if ("code" in stream) throw streamRefused(stream);
    sink.onDrain(() => stream.resume());
    signal.addEventListener("abort", () => stream.close(), { once: true });
    if (signal.aborted) stream.close();
  }

  #message(update: PriceUpdate): Buffer {
    const known = this.#encoded.get(update);
    if (known !== undefined) return known;
    const { sequence, skipped, timestamp, ...rest } = update;
    const message = create(PriceUpdateSchema, {
      ...rest,
      sequence: BigInt(sequence),
      skipped: BigInt(skipped),
      timestamp: toTimestamp(timestamp as Timestamp),
    });
    const bytes = Buffer.from(toBinary(PriceUpdateSchema, message));
    this.#encoded.set(update, bytes);
    return bytes;
  }

  #field(update: PriceUpdate): Buffer {
    const message = this.#message(update);
    return Buffer.concat([Buffer.from([UPDATES_FIELD, ...varint(message.length)]), message]);
  }
}

/** @throws Problem for a sequence that is no number here */
function readRequest(request: StreamPricesRequest): StreamRequest {
  const resumeAfter = safeInteger(request.resumeAfter);
  if (resumeAfter === undefined) {
    const message = "must be the sequence of a tick";
    throw validationFailed([{ field: "resume_after", rule: "range", message }]);
  }
  const { symbols, updateIntervalMs, bufferSize, everyTick } = request;
  return { symbols, updateIntervalMs, bufferSize, everyTick, resumeAfter };
}

function endingOf(why: StreamEnding): Problem {
  if (why === "slow_consumer") {
    return new Problem({
      status: 429,
      grpcStatus: "RESOURCE_EXHAUSTED",
      code: why,
      title: "The client reads too slowly for every tick",
    });
  }
  const title = why === "shutting_down" ? "The service is stopping" : "The connection was lost";
  return new Problem({ status: 503, grpcStatus: "UNAVAILABLE", code: why, title });
}

function varint(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  return [...bytes, rest];
}
