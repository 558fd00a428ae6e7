import { Agent, request as open } from "node:http";

/** One request as it goes out, and as it may go out again. */
export interface Request {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  /** Given: the request acts once however often it is sent. */
  readonly idempotencyKey?: string;
}

/** An answer, its body exactly as it came. */
export interface Reply {
  readonly status: number;
  readonly text: string;
  /** Whether the service says that it gave this answer before. */
  readonly isReplay: boolean;
}

/** Connections to one listener that are kept open, all with the same token. */
export class Connection {
  readonly #origin: string;
  readonly #token: string;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(origin: string, token: string) {
    this.#origin = origin;
    this.#token = token;
  }

  /** @throws when the whole answer didn't arrive; whether the request acted isn't known then */
  send({ method, path, body, idempotencyKey }: Request): Promise<Reply> {
    const headers = {
      authorization: `Bearer ${this.#token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
    };
    return new Promise((resolve, reject) => {
      const outgoing = open(`${this.#origin}${path}`, { method, headers, agent: this.#agent });
      outgoing.on("error", reject);
      outgoing.on("response", (incoming) => {
        const { statusCode: status = 0 } = incoming;
        const isReplay = incoming.headers["idempotent-replay"] === "true";
        let text = "";
        incoming.setEncoding("utf8");
        incoming.on("data", (part: string) => {
          text += part;
        });
        incoming.on("error", reject);
        incoming.on("end", () => resolve({ status, text, isReplay }));
      });
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** The body of an answer that has to be a success. */
  async ask<Body>(method: Request["method"], path: string, body?: unknown): Promise<Body> {
    const { status, text } = await this.send({ method, path, body });
    if (status >= 300) throw new Error(`${method} ${path} was answered ${status}: ${text}`);
    return JSON.parse(text);
  }

  /** Ends every connection; requests under way are rejected. */
  close(): void {
    this.#agent.destroy();
  }
}
