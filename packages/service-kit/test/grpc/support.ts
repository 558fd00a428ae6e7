import { after } from "node:test";
import {
  GrpcChannel,
  type GrpcChannelOptions,
  GrpcHost,
  type GrpcHostOptions,
  Health,
  PrometheusMetrics,
  realClock,
} from "../../src/index.ts";
import { recordingLogger } from "../support.ts";

export interface RunningGrpcHost {
  readonly host: GrpcHost;
  readonly port: number;
  readonly address: string;
  readonly health: Health;
  readonly log: ReturnType<typeof recordingLogger>;
  /** A channel to it, closed when the tests of the file end. */
  readonly channel: GrpcChannel;
  /** Lines of the metrics that begin so. */
  readonly metrics: (start: string) => Promise<string[]>;
}

const hosts: GrpcHost[] = [];
const channels: GrpcChannel[] = [];
after(async () => {
  for (const channel of channels) channel.close();
  await Promise.all(hosts.map((host) => host.stop(0)));
});

export function openChannel(address: string, options?: GrpcChannelOptions): GrpcChannel {
  const channel = new GrpcChannel(address, options);
  channels.push(channel);
  return channel;
}

/** A host on a free port, stopped when the tests of the file end. */
export async function startGrpcHost(
  services: (host: GrpcHost) => void,
  options: Partial<GrpcHostOptions> = {},
  port = 0,
): Promise<RunningGrpcHost> {
  const log = recordingLogger();
  const { logger } = log;
  const clock = realClock();
  const metrics = new PrometheusMetrics({
    constantLabels: { service: "test-service", instance: "test-1", version: "1.2.3" },
    runtime: false,
  });
  const health = new Health({
    service: "test-service",
    instance: "test-1",
    version: "1.2.3",
    environment: "test",
    clock,
    logger,
  });
  const host = new GrpcHost({
    service: "test-service",
    logger,
    metrics,
    clock,
    health,
    ...options,
  });
  services(host);
  const listener = await host.listen({ host: "127.0.0.1", port, choice: "--grpc-port" });
  hosts.push(host);
  const scrape = metrics.getHttpHandler();
  return {
    host,
    ...listener,
    health,
    log,
    channel: openChannel(listener.address),
    metrics: async (start) =>
      (await scrape()).body.split("\n").filter((line) => line.startsWith(start)),
  };
}

/** What a promise fails with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("it didn't fail");
}

/** All that a stream gives until it ends. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
