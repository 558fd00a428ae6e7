/** Runs protocol messages on the one connection that there is, and gives what it answered. */
export type Execute = (message: Uint8Array) => Promise<Uint8Array>;

/** A client's part of the connection. */
export interface Session {
  /** Unqualified names mean this schema while the session has the connection. */
  readonly schema: string;
  readonly answer: (bytes: Uint8Array) => void;
}

interface Turn {
  readonly session: Session;
  readonly run: () => Promise<void>;
}

/** Transaction states that a ReadyForQuery message tells. */
const IDLE = "I".charCodeAt(0);
const READY = "Z".charCodeAt(0);
const READY_LENGTH = 6;

/**
 * Shares one connection among any number of sessions, in order of arrival. A session in a transaction has
 * the connection to itself until the transaction ends; the others wait.
 *
 * Sessions share everything that belongs to a connection but the search path, which is set at each change
 * of sessions: temporary tables, named statements and other settings are everybody's.
 */
export class SessionQueue {
  readonly #execute: Execute;
  readonly #onFailure: (cause: unknown) => void;
  #turns: Turn[] = [];
  #owner: Session | undefined;
  #schema: string | undefined;
  #running = false;

  /** @param onFailure told when the database itself broke, after which nothing runs any more */
  constructor(execute: Execute, onFailure: (cause: unknown) => void) {
    this.#execute = execute;
    this.#onFailure = onFailure;
  }

  /** @param message whole protocol messages, up to one that the server answers with ReadyForQuery */
  send(session: Session, message: Uint8Array): void {
    this.#enqueue(session, async () => {
      await this.#select(session.schema);
      const answer = await this.#execute(message);
      this.#owner = endsIdle(answer) ? undefined : session;
      session.answer(answer);
    });
  }

  /** Forgets what the session still wants, and rolls its transaction back. */
  leave(session: Session): void {
    this.#turns = this.#turns.filter((turn) => turn.session !== session);
    this.#enqueue(session, async () => {
      if (this.#owner === session) await this.#execute(simpleQuery("rollback"));
      this.#owner = undefined;
    });
  }

  /** Runs `work` while no session has the connection. */
  alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const nobody: Session = { schema: "", answer: () => {} };
    this.#enqueue(nobody, async () => {
      try {
        resolve(await work());
      } catch (error) {
        reject(error);
      }
    });
    return promise;
  }

  #enqueue(session: Session, run: () => Promise<void>): void {
    this.#turns.push({ session, run });
    if (!this.#running) void this.#runAll();
  }

  async #runAll(): Promise<void> {
    this.#running = true;
    try {
      for (let turn = this.#next(); turn !== undefined; turn = this.#next()) await turn.run();
      this.#running = false;
    } catch (cause) {
      this.#turns = [];
      this.#onFailure(cause);
    }
  }

  #next(): Turn | undefined {
    const owner = this.#owner;
    if (owner === undefined) return this.#turns.shift();
    const index = this.#turns.findIndex(({ session }) => session === owner);
    return index < 0 ? undefined : this.#turns.splice(index, 1)[0];
  }

  async #select(schema: string): Promise<void> {
    if (schema === this.#schema) return;
    await this.#execute(simpleQuery(`set search_path to "${schema}"`));
    this.#schema = schema;
  }
}

/** A Query message: type, length with itself, text, zero. */
function simpleQuery(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  const message = Buffer.alloc(bytes.length + 6);
  message.write("Q");
  message.writeInt32BE(bytes.length + 5, 1);
  bytes.copy(message, 5);
  return message;
}

/** Whether the answer is complete and leaves no transaction open. */
function endsIdle(answer: Uint8Array): boolean {
  return answer.at(-READY_LENGTH) === READY && answer.at(-1) === IDLE;
}
