import {
  formatShortest,
  type Instrument,
  type ListInstrument,
  lots,
  parseIncrement,
  type Rate,
  type TradingRules,
} from "@tse/domain";
import { type FieldError, type HttpHost, type Problem, validationFailed } from "@tse/service-kit";
import { text } from "@tse/service-kit/schema";
import { z } from "zod";
import type { Exchange, Origin } from "../exchange.ts";
import { renderInstrument } from "../gateways/native/render/markets.ts";
import { instrumentNamed } from "../gateways/native/routes/market-routes.ts";
import { carryOut } from "../gateways/native/submission.ts";
import { symbolPath } from "../gateways/native/wire/markets.ts";
import { symbol } from "../gateways/native/wire/scalars.ts";
import { findInstrument } from "../symbols.ts";
import { DEFAULT_RULES } from "../world/instruments.ts";
import { adminOrigin } from "./admin-access.ts";
import {
  feeRate,
  type InstrumentTerms,
  instrumentTerms,
  refuseChanges,
  refuseContradictions,
  rulesOf,
  startPriceOf,
} from "./instrument-terms.ts";

export interface VenueDeps {
  readonly exchange: Exchange;
}

const tags = ["Venue"];

/** What a listing must name. */
const NEEDED = [
  "baseAsset",
  "quoteAsset",
  "tickSize",
  "lotSize",
  "startPrice",
  "maxSize",
  "minNotional",
  "maxNotional",
] as const satisfies readonly (keyof InstrumentTerms)[];

const feeTiers = z.strictObject({
  tiers: z
    .array(
      z.strictObject({
        tier: text("The tier's name; accounts name it as their feeTier.", 0, 20, ["vip"]),
        symbol: symbol.optional(),
        makerFeeRate: feeRate,
        takerFeeRate: feeRate,
      }),
    )
    .min(1)
    .max(100),
});

/** Instruments and fees, changed while the venue runs. */
export function venueRoutes(app: HttpHost, deps: VenueDeps): void {
  setInstrument(app, deps);
  setFeeTiers(app, deps);
}

function setInstrument(app: HttpHost, { exchange }: VenueDeps): void {
  const { venue } = exchange;
  app.put(
    "/admin/instruments/:symbol",
    { schema: { tags, params: symbolPath, body: instrumentTerms } },
    async (request, reply) => {
      const { params, body } = request;
      const origin = adminOrigin(request);
      const known = findInstrument(venue, params.symbol);
      if (known === undefined) {
        await list(params.symbol, body, origin, exchange);
        reply.code(201);
      } else {
        await change(known, body, origin, exchange);
      }
      const instrument = renderInstrument(instrumentNamed(params.symbol, exchange), venue);
      await exchange.durable();
      return { instrument };
    },
  );
}

async function change(
  instrument: Instrument,
  terms: InstrumentTerms,
  origin: Origin,
  exchange: Exchange,
): Promise<void> {
  refuseChanges(terms, instrument);
  const rules = rulesOf(terms, instrument.lotSize);
  refuseContradictions({ ...instrument, ...rules });
  await carryOut(exchange, { kind: "update_instrument", instrument: instrument.id, rules }, origin);
}

async function list(
  symbolText: string,
  terms: InstrumentTerms,
  origin: Origin,
  exchange: Exchange,
): Promise<void> {
  await carryOut(exchange, listing(symbolText, terms), origin);
}

type Listing = InstrumentTerms & {
  readonly [Field in (typeof NEEDED)[number]]: NonNullable<InstrumentTerms[Field]>;
};

function isListing(terms: InstrumentTerms): terms is Listing {
  return NEEDED.every((field) => terms[field] !== undefined);
}

/** @throws Problem naming every term that a listing lacks, or that doesn't fit the others */
function listing(symbolText: string, terms: InstrumentTerms): ListInstrument {
  if (!isListing(terms)) {
    const message = "is required: no instrument has this symbol yet";
    const missing = NEEDED.filter((field) => terms[field] === undefined);
    throw validationFailed(missing.map((field) => ({ field, rule: "required", message })));
  }
  const { baseAsset, quoteAsset, tickSize, lotSize, startPrice } = terms;
  if (symbolText.replace(/[-/]|%2F/gi, "") !== `${baseAsset}${quoteAsset}`) {
    throw fault("symbol", "combination", `must be ${baseAsset}-${quoteAsset}`);
  }
  const tick = parseIncrement(tickSize);
  const lot = parseIncrement(lotSize);
  if (baseAsset === quoteAsset) throw fault("quoteAsset", "combination", "must not be baseAsset");
  if (tick === undefined) throw fault("tickSize", "step", "must have at most 8 decimal places");
  if (lot === undefined) throw fault("lotSize", "step", "must have at most 8 decimal places");

  const start = startPriceOf(startPrice, tick);
  const rules = { minQuantity: lots(1), ...DEFAULT_RULES, ...rulesOf(terms, lot) } as TradingRules;
  refuseContradictions({ tickSize: tick, lotSize: lot, ...rules });
  return {
    kind: "list_instrument",
    baseAsset,
    quoteAsset,
    tickSize,
    lotSize,
    startPrice: start,
    rules,
  };
}

function setFeeTiers(app: HttpHost, { exchange }: VenueDeps): void {
  app.put("/admin/fee-tiers", { schema: { tags, body: feeTiers } }, async (request) => {
    const origin = adminOrigin(request);
    const { tiers } = request.body;
    const named = tiers.map((each) => ({
      ...each,
      instrument: instrumentOf(each.symbol, exchange),
    }));
    for (const { tier, instrument, makerFeeRate: maker, takerFeeRate: taker } of named) {
      const command = { kind: "set_fees", tier, instrument: instrument?.id, maker, taker } as const;
      await carryOut(exchange, command, origin);
    }
    return {
      tiers: named.map(({ tier, instrument, makerFeeRate, takerFeeRate }) => ({
        tier,
        symbol: instrument?.symbol ?? null,
        makerFeeRate: renderRate(makerFeeRate),
        takerFeeRate: renderRate(takerFeeRate),
      })),
    };
  });
}

function instrumentOf(symbolText: string | undefined, exchange: Exchange): Instrument | undefined {
  return symbolText === undefined ? undefined : instrumentNamed(symbolText, exchange);
}

function renderRate(rate: Rate): string {
  return formatShortest(rate, 8);
}

function fault(field: string, rule: string, message: string): Problem {
  return validationFailed([{ field, rule, message } satisfies FieldError]);
}
