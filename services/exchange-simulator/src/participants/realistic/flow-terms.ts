import { type Instrument, lots, textOf, ticks } from "@tse/domain";
import { FLOW_PARAMETERS, type FlowParameters, paced } from "@tse/market-model";

/** Most background orders of a crowd: with its others below the default limit of 200 live orders of an account. */
const BACKGROUND_MOST = 60;
/** A cross is a smaller market than its base asset's own. */
const CROSS = 0.3;

/**
 * How the realistic participants of an instrument trade; `undefined` for an instrument listed later, whose base asset nobody
 * described.
 *
 * @param activity share of a large venue's, above 0
 */
export function flowTerms(
  instrument: Pick<Instrument, "baseAsset" | "quoteAsset" | "tickSize" | "lotSize">,
  activity: number,
): FlowParameters | undefined {
  const known = FLOW_PARAMETERS[instrument.baseAsset];
  if (known === undefined) return undefined;
  const isCross =
    FLOW_PARAMETERS[instrument.quoteAsset] !== undefined && instrument.quoteAsset !== "USDT";
  const parameters = paced(known, activity * (isCross ? CROSS : 1));
  return {
    ...parameters,
    tickSize: Number(textOf(ticks(1), instrument.tickSize)),
    lotSize: Number(textOf(lots(1), instrument.lotSize)),
    crowd: {
      ...parameters.crowd,
      backgroundMost: Math.min(parameters.crowd.backgroundMost, BACKGROUND_MOST),
    },
  };
}
