import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import {
  type ClientDuplexStream,
  credentials,
  loadPackageDefinition,
  Metadata,
  type ServiceClientConstructor,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { MarketDataService, PROTO_ROOT, toTimestamp } from "@tse/contracts";
import { streaming } from "../../src/index.ts";
import { startGrpcHost } from "./support.ts";

type Message = Readonly<Record<string, unknown>>;
type Unary = (request: Message, done: (error: Error | null, reply: Message) => void) => void;
type Streaming = (request: Message) => AsyncIterable<Message>;
type Duplex = () => ClientDuplexStream<Message, Message>;
type DynamicClient = { close(): void } & Record<string, (...args: never[]) => unknown>;

/** What a stranger has: the proto files, and a library that reads them as it runs. */
function dynamicClient(file: string, service: string, address: string): DynamicClient {
  const definition = loadSync(file, { includeDirs: [PROTO_ROOT], keepCase: true, longs: String });
  let found: unknown = loadPackageDefinition(definition);
  for (const part of service.split(".")) found = (found as Record<string, unknown>)[part];
  const Constructor = found as ServiceClientConstructor;
  return new Constructor(address, credentials.createInsecure()) as unknown as DynamicClient;
}

describe("a client that has nothing but the published proto", () => {
  let address: string;
  const clients: DynamicClient[] = [];
  const open = (file: string, service: string): DynamicClient => {
    const client = dynamicClient(file, service, address);
    clients.push(client);
    return client;
  };

  before(async () => {
    const running = await startGrpcHost((host) =>
      host.add(MarketDataService, {
        getPrice: ({ symbol }) => ({
          symbol,
          price: 45_000.5,
          priceDecimal: "45000.50",
          sequence: 9_007_199_254_740_993n,
          timestamp: toTimestamp(1_500_000),
        }),
        streamPrices: streaming(async function* ({ symbols }) {
          for (const symbol of symbols) yield { symbol, changeInfo: { dailyHigh: 2 } };
        }),
      }),
    );
    running.health.phase = "serving";
    address = running.address;
  });
  after(() => {
    for (const client of clients) client.close();
  });

  it("gets a price", async () => {
    const client = open("marketdata/market_data.proto", "marketdata.MarketDataService");
    const reply = await new Promise<Message>((resolve, reject) => {
      (client.GetPrice as Unary).call(client, { symbol: "BTC/USD" }, (error, value) =>
        error === null ? resolve(value) : reject(error),
      );
    });
    assert.equal(reply.symbol, "BTC/USD");
    assert.equal(reply.price_decimal, "45000.50");
    assert.equal(reply.sequence, "9007199254740993");
    assert.deepEqual(reply.timestamp, { seconds: "1", nanos: 500_000_000 });
  });

  it("reads a stream", async () => {
    const client = open("marketdata/market_data.proto", "marketdata.MarketDataService");
    const seen: unknown[] = [];
    const stream = (client.StreamPrices as Streaming).call(client, { symbols: ["A", "B"] });
    for await (const { symbol, change_info } of stream) {
      seen.push([symbol, (change_info as Message).daily_high]);
    }
    assert.deepEqual(seen, [
      ["A", 2],
      ["B", 2],
    ]);
  });

  it("asks for the health", async () => {
    const client = open("grpc/health/v1/health.proto", "grpc.health.v1.Health");
    const reply = await new Promise<Message>((resolve, reject) => {
      (client.Check as Unary).call(client, { service: "test-service" }, (error, value) =>
        error === null ? resolve(value) : reject(error),
      );
    });
    assert.equal(reply.status, 1);
  });

  it("doesn't need even that: reflection gives the files", async () => {
    const client = open(
      "grpc/reflection/v1/reflection.proto",
      "grpc.reflection.v1.ServerReflection",
    );
    const call = (client.ServerReflectionInfo as Duplex).call(client);
    const ask = async (question: Message): Promise<Message> => {
      call.write(question);
      const [answer] = (await once(call, "data")) as [Message];
      return answer;
    };

    const listed = (await ask({ list_services: "*" })).list_services_response as {
      service: { name: string }[];
    };
    assert.deepEqual(listed.service.map(({ name }) => name).toSorted(), [
      "grpc.health.v1.Health",
      "grpc.reflection.v1.ServerReflection",
      "marketdata.MarketDataService",
    ]);

    const expected = ["google/protobuf/timestamp.proto", "marketdata/market_data.proto"];
    for (const question of [
      { file_by_filename: "marketdata/market_data.proto" },
      { file_containing_symbol: "marketdata.MarketDataService" },
      { file_containing_symbol: "marketdata.MarketDataService.GetPrice" },
      { file_containing_symbol: "marketdata.PriceUpdate" },
      { file_containing_symbol: "marketdata.ScenarioType" },
    ]) {
      const { file_descriptor_response } = await ask(question);
      const { file_descriptor_proto: files } = file_descriptor_response as {
        file_descriptor_proto: Uint8Array[];
      };
      const names = files.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name);
      assert.deepEqual(names.toSorted(), expected);
    }

    for (const [question, code] of [
      [{ file_containing_symbol: "weather.Rain" }, 5],
      [{ file_by_filename: "weather.proto" }, 5],
      [{ all_extension_numbers_of_type: "marketdata.PriceUpdate" }, 12],
    ] as const) {
      const { error_response } = await ask(question);
      assert.equal((error_response as Message).error_code, code);
    }
    call.end();
    const [{ code }] = await once(call, "status");
    assert.equal(code, 0);
  });

  it("is answered with the correlation id that it sent", async () => {
    const client = open("marketdata/market_data.proto", "marketdata.MarketDataService");
    const metadata = new Metadata();
    metadata.set("x-correlation-id", "run-7");
    type Call = (request: Message, metadata: Metadata, done: () => void) => NodeJS.EventEmitter;
    const call = (client.GetPrice as Call).call(client, {}, metadata, () => {});
    const [answer] = (await once(call, "metadata")) as [Metadata];
    assert.deepEqual(answer.get("x-correlation-id"), ["run-7"]);
  });
});
