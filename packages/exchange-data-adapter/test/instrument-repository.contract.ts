import assert from "node:assert/strict";
import type { Instrument, NewInstrument } from "../src/index.ts";
import { at, minor, refused } from "./fixtures.ts";
import { contract, type OpenStore } from "./stores.ts";

let last = 0;

/** A new instrument between two new assets. */
async function fresh(store: OpenStore): Promise<NewInstrument> {
  last += 1;
  const baseAsset = `B${last}`.padEnd(10, "X");
  const quoteAsset = `Q${last}`.padEnd(10, "X");
  const asset = { displayName: undefined, decimals: 8, isActive: true };
  await store.repositories.instrumentRepository.saveAssets([
    { ...asset, asset: baseAsset },
    { ...asset, asset: quoteAsset },
  ]);
  const symbol = `${baseAsset}/${quoteAsset}`;
  const sizes = { tickSize: 1_000_000n, lotSize: 1000n, minSize: 1n, maxSize: 10n };
  return { symbol, baseAsset, quoteAsset, ...sizes };
}

export const instrumentRepositoryContract = contract("instruments", (check) => {
  check("fills what a new instrument leaves out with the schema's defaults", async (store) => {
    const { instrumentRepository: instruments } = store.repositories;
    const given = await fresh(store);
    const now = store.clock.advance(1);

    const made = await instruments.create(given);

    const expected: Instrument = {
      ...given,
      status: "TRADING",
      minNotional: minor(0n),
      priceBand: 20_000_000,
      priceMultiplierUp: 500_000_000,
      priceMultiplierDown: 20_000_000,
      maxOpenOrders: 200,
      maxOpenStopOrders: 5,
      maxSpreadBps: 1_000_000_000,
      makerFeeRate: 100_000,
      takerFeeRate: 100_000,
      createdAt: now,
      updatedAt: now,
      metadata: undefined,
    };
    assert.deepEqual(made, expected);
    assert.deepEqual(await instruments.getBySymbol(given.symbol), expected);
  });

  check("keeps rates to the digit that their columns keep, and refuses to round", async (store) => {
    const { instrumentRepository: instruments } = store.repositories;
    const given = await fresh(store);
    const rates = {
      priceBand: 10_000,
      priceMultiplierUp: 99_999_999_990_000,
      priceMultiplierDown: 0,
      maxSpreadBps: 99_999_999_990_000,
      makerFeeRate: 1,
      takerFeeRate: 10_000_000,
    };
    await instruments.create({ ...given, ...rates });
    const stored = await instruments.getBySymbol(given.symbol);
    assert.deepEqual({ ...stored, ...rates }, stored);
    await refused("invalid_query", () => instruments.update(given.symbol, { priceBand: 10_001 }));
    await refused("invalid_query", () => instruments.update(given.symbol, { makerFeeRate: 0.5 }));
    await refused("conflict", () => instruments.update(given.symbol, { makerFeeRate: 10_000_001 }));
    await refused("conflict", () => instruments.update(given.symbol, { makerFeeRate: -1 }));
  });

  check("refuses a symbol twice, an unknown asset, and a price that would round", async (store) => {
    const { instrumentRepository: instruments } = store.repositories;
    const given = await fresh(store);
    await instruments.create(given);
    const message = `instrument already exists: ${given.symbol}`;
    await refused("already_exists", () => instruments.create(given), message);
    const other = await fresh(store);
    await refused("conflict", () => instruments.create({ ...other, symbol: "A/B" }));
    await refused("conflict", () =>
      instruments.create({ ...other, quoteAsset: "NONE", symbol: `${other.baseAsset}/NONE` }),
    );
    await refused("conflict", () => instruments.create({ ...other, maxSize: 0n }));
    await refused("conflict", () => instruments.create({ ...other, lotSize: 10n }));
    await refused("conflict", () => instruments.create({ ...other, tickSize: 0n }));
    await refused("conflict", () => instruments.create({ ...other, maxOpenOrders: 0 }));
    await refused("conflict", () =>
      instruments.create({ ...other, priceMultiplierUp: 100_000_000 }),
    );
  });

  check(
    "changes, stamps and deletes an instrument, and says which one is missing",
    async (store) => {
      const { instrumentRepository: instruments } = store.repositories;
      const before = await instruments.create(await fresh(store));
      const updatedAt = store.clock.advance(1);
      const foreign = { symbol: "X/Y", createdAt: at(1) };

      const changed = await instruments.update(before.symbol, {
        status: "HALTED",
        metadata: { a: 1 },
        ...foreign,
      });

      assert.deepEqual(changed, { ...before, status: "HALTED", metadata: { a: 1 }, updatedAt });
      await instruments.delete(before.symbol);
      const message = `instrument not found: ${before.symbol}`;
      await refused("not_found", () => instruments.getBySymbol(before.symbol), message);
      await refused("not_found", () => instruments.update(before.symbol, {}), message);
      await refused("not_found", () => instruments.delete(before.symbol), message);
    },
  );

  check("filters by everything it says, in the order of symbols", async (store) => {
    const { instrumentRepository: instruments } = store.repositories;
    const { symbol, baseAsset, quoteAsset } = await instruments.create(await fresh(store));
    const asked = async (query: Parameters<typeof instruments.query>[0]) =>
      (await instruments.query(query)).items.map((instrument) => instrument.symbol);
    assert.deepEqual(await asked({ baseAsset }), [symbol]);
    assert.deepEqual(await asked({ quoteAsset }), [symbol]);
    assert.deepEqual(await asked({ baseAsset, status: "HALTED" }), []);
    assert.deepEqual(await asked({ baseAsset, status: ["HALTED", "TRADING"] }), [symbol]);
    const all = await asked({});
    assert.deepEqual(all, all.toSorted());
  });

  check("saves instruments as they are, and keeps assets", async (store) => {
    const { instrumentRepository: instruments } = store.repositories;
    const before = await instruments.create(await fresh(store));
    const changed: Instrument = { ...before, status: "DELISTED", updatedAt: at(5) };
    await instruments.saveMany([before, changed]);
    assert.deepEqual(await instruments.getBySymbol(before.symbol), changed);

    const asset = { asset: before.baseAsset, displayName: "B", decimals: 0, isActive: false };
    await instruments.saveAssets([asset]);
    assert.deepEqual(await instruments.getAsset(asset.asset), asset);
    assert.ok((await instruments.listAssets()).some((one) => one.asset === asset.asset));
    await refused("not_found", () => instruments.getAsset("NONE"), "asset not found: NONE");
    await refused("conflict", () => instruments.saveAssets([{ ...asset, asset: "b" }]));
    await refused("conflict", () => instruments.saveAssets([{ ...asset, decimals: 9 }]));
  });

  check("finds a tier's own fees, else those for every instrument", async (store) => {
    const { instrumentRepository: instruments } = store.repositories;
    const wide = { tier: "vip", symbol: "*", makerFeeRate: 1, takerFeeRate: 2 };
    const own = { tier: "vip", symbol: "BTC/USD", makerFeeRate: 3, takerFeeRate: 4 };
    await instruments.saveFeeTiers([{ ...wide, makerFeeRate: 9 }, own, wide]);
    assert.deepEqual(await instruments.getFeeTier("vip", "BTC/USD"), own);
    assert.deepEqual(await instruments.getFeeTier("vip", "ETH/USD"), wide);
    assert.equal(await instruments.getFeeTier("none", "ETH/USD"), undefined);
    const listed = (await instruments.listFeeTiers()).filter(({ tier }) => tier === "vip");
    assert.deepEqual(listed, [wide, own]);
  });
});
