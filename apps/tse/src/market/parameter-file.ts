import { readFile } from "node:fs/promises";
import {
  REALISTIC_ASSETS,
  REALISTIC_SHAPE,
  type RealisticAsset,
  type RealisticShape,
} from "@tse/market-model";
import { Refused } from "../refused.ts";
import { DEFAULT_PARAMETERS, type MarketParameters, withAssets } from "./market-parameters.ts";
import { parameterFaults } from "./parameter-faults.ts";

const VERSION = 1;
const FORMAT = "tse market parameters";

/** What calibration found, as it is kept. */
export interface ParameterFile {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  /** Where it comes from, for people. */
  readonly source: { readonly symbol: string; readonly from: string; readonly to: string };
  readonly assets: readonly RealisticAsset[];
  readonly shape: RealisticShape;
}

export function parameterText(found: Omit<ParameterFile, "format" | "version">): string {
  const file: ParameterFile = { format: FORMAT, version: VERSION, ...found };
  return `${JSON.stringify(file, undefined, 2)}\n`;
}

/**
 * The default market with what a file of parameters changes of it.
 *
 * @throws Refused naming every field that is wrong, and the rule that it breaks; the system's own error
 */
export async function readParameterFile(path: string): Promise<MarketParameters> {
  const content = parsed(path, await readFile(path, "utf8"));
  const refuse = (problems: readonly string[]): never => {
    throw new Refused(problems.map((problem) => `${path}: ${problem}`).join("\n"));
  };
  const { format, version, assets, shape } = content;
  if (format !== FORMAT) refuse([`format is "${FORMAT}", as market calibrate writes it`]);
  if (version !== VERSION) refuse([`version is ${VERSION}: this program knows no other`]);
  const faults = marketFaults(assets, shape);
  if (faults.length > 0) refuse(faults);
  const { jumps, factors } = shape as RealisticShape;
  if (!Number.isInteger(jumps.kicked) || jumps.kicked >= factors.length) {
    refuse(["shape.jumps.kicked is the place of one of the factors, from 0"]);
  }
  return withAssets(
    { ...DEFAULT_PARAMETERS, shape: shape as RealisticShape },
    assets as RealisticAsset[],
  );
}

/** What keeps parameters from being those of a market: each fault is a sentence that begins with the field's path. */
export function marketFaults(assets: unknown, shape: unknown): readonly string[] {
  return [
    ...parameterFaults("shape", shape, REALISTIC_SHAPE),
    ...(Array.isArray(assets)
      ? assets.flatMap((asset, i) => assetFaults(`assets[${i}]`, asset))
      : ["assets is a list"]),
  ];
}

function parsed(path: string, text: string): Record<string, unknown> {
  try {
    const content: unknown = JSON.parse(text);
    if (typeof content === "object" && content !== null) return { ...content };
  } catch (cause) {
    throw new Refused(`${path}: is not JSON: ${(cause as Error).message}`, { cause });
  }
  throw new Refused(`${path}: is not a JSON object`);
}

function assetFaults(path: string, asset: unknown): readonly string[] {
  const name = (asset as { asset?: unknown } | null)?.asset;
  const like = REALISTIC_ASSETS.find((one) => one.asset === name);
  if (like === undefined) {
    const names = REALISTIC_ASSETS.map((one) => one.asset).join(", ");
    return [`${path}.asset is one of ${names}`];
  }
  const faults = parameterFaults(path, asset, like);
  if (faults.length > 0) return faults;
  return [...relationFaults(path, asset as RealisticAsset)];
}

function* relationFaults(path: string, asset: RealisticAsset): Generator<string> {
  const { lowest, start, highest } = asset;
  if (start < lowest || start > highest) yield `${path}.start is from lowest to highest`;
  if (asset.kind === "moving" && asset.market ** 2 + asset.sector ** 2 > 1) {
    yield `${path}.market² + sector² is at most 1`;
  }
}
