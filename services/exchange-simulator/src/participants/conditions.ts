/** What an operator does to the makers' quotes just now, by symbol. */
export interface Conditions {
  /** Times their distances from the fair price: 1 in calm times, above 0. */
  spreadMultiplier(symbol: string): number;
  /** Times their sizes: 1 in calm times, from 0. */
  liquidityFactor(symbol: string): number;
}
