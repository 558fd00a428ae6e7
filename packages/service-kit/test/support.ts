import { connect } from "node:net";
import { after } from "node:test";
import {
  closeHost,
  createHttpHost,
  createLogger,
  type HttpHost,
  type HttpHostOptions,
  type LogOptions,
  listen,
  PrometheusMetrics,
  type RootLogger,
} from "../src/index.ts";

export type Line = Readonly<Record<string, unknown>>;

/** A real logger whose lines can be read back. */
export function recordingLogger(options: Partial<LogOptions> = {}): {
  readonly logger: RootLogger;
  readonly text: () => string;
  readonly lines: () => Line[];
} {
  let written = "";
  const logger = createLogger({
    level: "debug",
    format: "json",
    service: "test-service",
    instance: "test-1",
    version: "1.2.3",
    environment: "test",
    stream: {
      write(line) {
        written += line;
      },
    },
    ...options,
  });
  return {
    logger,
    text: () => written,
    lines: () =>
      written
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Line),
  };
}

export interface RunningHost {
  readonly app: HttpHost;
  readonly url: string;
  readonly port: number;
  readonly metrics: PrometheusMetrics;
  readonly log: ReturnType<typeof recordingLogger>;
}

const running: HttpHost[] = [];
after(() => Promise.all(running.map((app) => closeHost(app, 100))));

/** A host on a free port, closed when the tests of the file end. */
export async function startHost(
  routes: (app: HttpHost) => void,
  options: Partial<HttpHostOptions> = {},
): Promise<RunningHost> {
  const log = recordingLogger();
  const metrics = new PrometheusMetrics({
    constantLabels: { service: "test-service", instance: "test-1", version: "1.2.3" },
  });
  const app = createHttpHost({ logger: log.logger, metrics, ...options });
  const scrape = metrics.getHttpHandler();
  app.get("/metrics", async (request, reply) => {
    const { contentType, body } = await scrape(request.headers.accept);
    return reply.header("Content-Type", contentType).send(body);
  });
  routes(app);
  const { url, port } = await listen(app, { host: "127.0.0.1", port: 0, choice: "--port" });
  running.push(app);
  return { app, url, port, metrics, log };
}

/** Sends bytes as they are; everything that came back until the other side closed. */
export function exchangeBytes(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("end", () => socket.end());
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
  });
}
