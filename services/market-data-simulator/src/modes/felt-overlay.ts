import type { Duration, Timestamp } from "@tse/domain";
import type { Overlay, ScenarioBoard } from "@tse/market-model";

/**
 * The world's scenarios, as one of several models feels them. Scenarios speak of prices as they are published: a pull is
 * by what the price is, not by what the model's own is. Who makes nobody's price isn't pulled.
 */
export class FeltOverlay implements Overlay {
  /** Log of what the published price of an asset is above the model's; `undefined` where it isn't made by the model. */
  offset: (asset: string) => number | undefined = () => 0;
  readonly #scenarios: ScenarioBoard;

  constructor(scenarios: ScenarioBoard) {
    this.#scenarios = scenarios;
  }

  get active(): boolean {
    return this.#scenarios.active;
  }

  advanceTo(time: Timestamp): void {
    this.#scenarios.advanceTo(time);
  }

  pull(asset: string, logValue: number, length: Duration): number {
    const offset = this.offset(asset);
    return offset === undefined ? 0 : this.#scenarios.pull(asset, logValue + offset, length);
  }

  shift(asset: string): number {
    return this.#scenarios.shift(asset);
  }

  loading(asset: string, usual: number): number {
    return this.#scenarios.loading(asset, usual);
  }

  volatility(asset: string): number {
    return this.#scenarios.volatility(asset);
  }

  jumpRate(asset: string): number {
    return this.#scenarios.jumpRate(asset);
  }

  volume(asset: string): number {
    return this.#scenarios.volume(asset);
  }

  depth(asset: string): number {
    return this.#scenarios.depth(asset);
  }

  spread(asset: string): number {
    return this.#scenarios.spread(asset);
  }
}
