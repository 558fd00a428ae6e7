/** The rules that hold after every command. Stable: they are metric labels and shown to operators. */
export type Invariant =
  /** Per asset, all accounts together hold what came in less what went out; a balance is the fold of its postings. */
  | "conservation"
  | "negative_balance"
  /** Locked is the sum of what the open orders need. */
  | "locked"
  | "crossed_book"
  /** Best price first, oldest first within a price. */
  | "priority"
  /** Filled + open + cancelled = quantity, nothing after the end, numbers dense. */
  | "order_life_cycle"
  /** Dense numbers, the maker's price, inside both limits, notional exact. */
  | "trade"
  /** The rate of each side, rounded up, credited to the venue. */
  | "fees"
  /** Level and balance events tell the state, each once a command. */
  | "event_stream"
  /** What the venue shows is what its events add up to. */
  | "view"
  | "closed_account";

export interface Violation {
  readonly invariant: Invariant;
  /** For a human: which order, balance or level, what was expected and what was found. */
  readonly detail: string;
}

/** Gathers violations. */
export class AuditReport {
  #violations: Violation[] = [];

  /** Notes a violation unless `holds`, which it returns. `detail` is asked for only then. */
  check(holds: boolean, invariant: Invariant, detail: () => string): boolean {
    if (!holds) this.#violations.push({ invariant, detail: detail() });
    return holds;
  }

  /** Hands out what was noted since the last call. */
  take(): readonly Violation[] {
    const violations = this.#violations;
    this.#violations = [];
    return violations;
  }
}
