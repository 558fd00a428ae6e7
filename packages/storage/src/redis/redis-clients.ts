import { createClient } from "redis";

export interface RedisClientsOptions {
  readonly url: string;
  readonly clientsMin: number;
  readonly clientsMax: number;
  readonly dialTimeoutMs: number;
  /** Called when any of the connections is lost. */
  readonly onLost: (cause: unknown) => void;
}

/** One connection; commands are sent without waiting for the answers to those before. */
export type RedisClient = ReturnType<typeof makeClient>;

/**
 * Connections to one server, all of them there or none. A command goes to the one with the fewest
 * commands under way, and another connection is opened while none of them is free.
 */
export class RedisClients {
  readonly #options: RedisClientsOptions;
  readonly #underWay = new Map<RedisClient, number>();
  #opening: Promise<void> | undefined;
  #ended = false;

  private constructor(options: RedisClientsOptions) {
    this.#options = options;
  }

  static async open(options: RedisClientsOptions): Promise<RedisClients> {
    const clients = new RedisClients(options);
    try {
      for (let count = 0; count < options.clientsMin; count += 1) await clients.#add();
    } catch (error) {
      clients.destroy();
      throw error;
    }
    return clients;
  }

  async run<Result>(work: (client: RedisClient) => Promise<Result>): Promise<Result> {
    const client = this.#freest();
    this.#count(client, 1);
    try {
      return await work(client);
    } finally {
      this.#count(client, -1);
    }
  }

  /** Ends every connection; commands under way fail. */
  destroy(): void {
    this.#ended = true;
    for (const client of this.#underWay.keys()) client.destroy();
    this.#underWay.clear();
  }

  /** Ends every connection after its last answer. */
  async close(): Promise<void> {
    this.#ended = true;
    await this.#opening;
    await Promise.all([...this.#underWay.keys()].map((client) => client.close()));
  }

  #freest(): RedisClient {
    const [[first, fewest], ...others] = [...this.#underWay] as [
      [RedisClient, number],
      ...[RedisClient, number][],
    ];
    const best = { client: first, commands: fewest };
    for (const [client, commands] of others) {
      if (commands < best.commands) Object.assign(best, { client, commands });
    }
    if (best.commands > 0) this.#grow();
    return best.client;
  }

  #grow(): void {
    if (this.#opening !== undefined || this.#underWay.size >= this.#options.clientsMax) return;
    // One more is a help only: whether the server is away, the commands under way will tell.
    this.#opening = this.#add()
      .catch(ignore)
      .finally(() => {
        this.#opening = undefined;
      });
  }

  async #add(): Promise<void> {
    const client = makeClient(this.#options);
    // Heard, or it would end the process.
    client.on("error", (cause) => {
      if (this.#underWay.has(client)) this.#options.onLost(cause);
    });
    try {
      await client.connect();
    } catch (error) {
      client.destroy();
      throw error;
    }
    if (this.#ended) client.destroy();
    else this.#underWay.set(client, 0);
  }

  #count(client: RedisClient, change: number): void {
    const commands = this.#underWay.get(client);
    if (commands !== undefined) this.#underWay.set(client, commands + change);
  }
}

function makeClient({ url, dialTimeoutMs }: RedisClientsOptions) {
  return createClient({
    url,
    disableOfflineQueue: true,
    // Both would send commands that an ACL may refuse.
    disableClientInfo: true,
    maintNotifications: "disabled",
    socket: { connectTimeout: dialTimeoutMs, reconnectStrategy: false },
  });
}

function ignore(): void {}
