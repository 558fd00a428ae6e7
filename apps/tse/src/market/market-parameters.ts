import {
  REALISTIC_ASSETS,
  REALISTIC_SHAPE,
  type RealisticAsset,
  type RealisticShape,
} from "@tse/market-model";

/** What makes a market of the mode `realistic`. */
export interface MarketParameters {
  readonly assets: readonly RealisticAsset[];
  readonly shape: RealisticShape;
}

export const DEFAULT_PARAMETERS: MarketParameters = {
  assets: REALISTIC_ASSETS,
  shape: REALISTIC_SHAPE,
};

/** With these assets in place of those of the same name. */
export function withAssets(
  parameters: MarketParameters,
  assets: readonly RealisticAsset[],
): MarketParameters {
  const others = parameters.assets.map(
    (one) => assets.find(({ asset }) => asset === one.asset) ?? one,
  );
  const known = new Set(others);
  return { ...parameters, assets: [...others, ...assets.filter((asset) => !known.has(asset))] };
}
