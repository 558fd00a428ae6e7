import type { NewOrder, OrderBook, OrderRef } from "@tse/matching-engine";
import { EngineFlowBook } from "./engine-flow-book.ts";
import { FlowAgents, type FlowAgentsOptions, flowSlots } from "./flow-agents.ts";
import type { FlowListener, Touch } from "./flow-book.ts";

export interface FlowMarketOptions extends Omit<FlowAgentsOptions, "book"> {
  readonly listener: FlowListener;
}

/**
 * The market of one instrument in a bare simulation: its agents and others' orders straight on a
 * matching engine, without accounts, money or fees. Deterministic: the same seed, parameters,
 * conditions and orders give the same trades.
 */
export class FlowMarket {
  readonly agents: FlowAgents;
  readonly #book: EngineFlowBook;

  constructor({ listener, ...options }: FlowMarketOptions) {
    this.#book = new EngineFlowBook({
      slots: flowSlots(options.parameters),
      listener,
      nowUs: () => this.agents.nowUs,
      fills: { filled: (slot, lots, open) => this.agents.filled(slot, lots, open) },
    });
    this.agents = new FlowAgents({ ...options, book: this.#book });
  }

  get touch(): Touch {
    return this.#book;
  }

  /** For reading: depth on demand. Orders are placed with `submit` only. */
  get book(): OrderBook {
    return this.#book.book;
  }

  advanceTo(timeUs: number): void {
    this.agents.advanceTo(timeUs);
  }

  /** An order of somebody else, now. What it trades on arrival moves the price. */
  submit(order: NewOrder): { readonly ref: OrderRef; readonly traded: number } {
    const done = this.#book.submit(order);
    if (done.traded > 0) this.agents.tookOutside(order.side === "buy" ? 1 : -1, done.traded);
    return done;
  }

  /** Cancels an order of somebody else; false when it is not live. */
  cancel(ref: OrderRef): boolean {
    return this.#book.cancelOrder(ref);
  }
}
