import type { Timestamp } from "@tse/domain";
import { Recent } from "@tse/service-kit";
import type { ChaosRule } from "./rule.ts";

/** Why a rule ended: its time was up, an operator ended it, or the liquidity it took was restored. */
export type EndCause = "expired" | "cleared" | "restored";

/** What chaos did, as it happened: the ground truth that observers are measured against. */
export type ChaosEntry =
  | ({ readonly kind: "started" } & Entry)
  | ({
      readonly kind: "applied";
      /** What was hit: an operation, a symbol, or a request. */
      readonly target: string;
    } & Entry)
  | ({ readonly kind: "ended"; readonly cause: EndCause } & Entry);

interface Entry {
  readonly at: Timestamp;
  readonly rule: ChaosRule;
  /** Of the request that was hit, or that started or ended the rule; `""` for what no request caused. */
  readonly correlationId: string;
}

const KEPT = 10_000;

/** The newest entries, and whoever wants to hear of each. */
export class ChaosRecord {
  readonly #entries = new Recent<ChaosEntry>(KEPT);
  readonly #listeners = new Set<(entry: ChaosEntry) => void>();

  /** Oldest first. */
  newest(count: number): readonly ChaosEntry[] {
    return [...this.#entries.from(this.#entries.length - count)];
  }

  add(entry: ChaosEntry): void {
    this.#entries.add(entry);
    for (const listener of this.#listeners) listener(entry);
  }

  /** @returns stops the calls */
  subscribe(listener: (entry: ChaosEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
