import assert from "node:assert/strict";
import { it } from "node:test";
import { MAX_AMOUNT, parseAmount } from "@tse/domain";
import { StorageError } from "@tse/storage";
import type { MarketSymbol, NewMarketSymbol, SymbolQuery } from "../src/symbols/market-symbol.ts";
import { type Implementation, NOON } from "./implementations.ts";
import { ABSENT_ID, refused } from "./refused.ts";
import { storeSuite } from "./store-suite.ts";

const pair = (
  baseCurrency: string,
  quoteCurrency: string,
  others: Partial<NewMarketSymbol> = {},
): NewMarketSymbol => ({
  symbol: `${baseCurrency}/${quoteCurrency}`,
  baseCurrency,
  quoteCurrency,
  ...others,
});

const names = (symbols: readonly MarketSymbol[]) => symbols.map(({ symbol }) => symbol);

const DEFAULTS = [
  "ADA/USD",
  "BTC/USD",
  "BTC/USDT",
  "DOT/USD",
  "ETH/BTC",
  "ETH/USD",
  "ETH/USDT",
  "SOL/USD",
  "USDT/USD",
];

/** What a symbol repository promises, whatever it is made of. */
export function symbolContract(implementation: Implementation): void {
  storeSuite("symbols", implementation, (store) => {
    const repository = () => store().repositories.symbolRepository;
    const found = async (query: SymbolQuery) => names((await repository().query(query)).items);

    it("begins with the symbols of every world", async () => {
      assert.deepEqual(names(await repository().getActive()), DEFAULTS);
      const { displayName, minPriceMovement, minOrderSize, maxOrderSize } =
        await repository().getBySymbol("ETH/BTC");
      assert.deepEqual(
        [displayName, minPriceMovement, minOrderSize, maxOrderSize],
        ["Ether / Bitcoin", parseAmount("0.00001"), parseAmount("0.001"), parseAmount("2000")],
      );
    });

    it("creates with defaults, and reads back what it returned", async () => {
      const created = await repository().create(pair("DEF", "USD"));

      assert.deepEqual(created, {
        symbolId: created.symbolId,
        symbol: "DEF/USD",
        baseCurrency: "DEF",
        quoteCurrency: "USD",
        displayName: undefined,
        isActive: true,
        minPriceMovement: undefined,
        minOrderSize: undefined,
        maxOrderSize: undefined,
        createdAt: NOON,
        updatedAt: NOON,
        metadata: undefined,
      });
      assert.deepEqual(await repository().getById(created.symbolId), created);
      assert.deepEqual(await repository().getBySymbol("DEF/USD"), created);
    });

    it("refuses a symbol in use, what breaks a rule, and what a column can't hold", async () => {
      await repository().create(pair("DUP", "USD"));

      await refused("already_exists", repository().create(pair("DUP", "USD")));
      await refused("conflict", repository().create(pair("BAD", "A", { minPriceMovement: 0n })));
      await refused("conflict", repository().create(pair("BAD", "B", { minOrderSize: 0n })));
      await refused("conflict", repository().create(pair("BAD", "C", { maxOrderSize: -1n })));
      await refused("invalid_query", repository().create(pair("TOOLONGNAME", "D")));
      assert.deepEqual(await repository().getByBaseCurrency("BAD"), []);
    });

    it("changes what is given, clears what is given as absent, and stamps the change", async () => {
      const created = await repository().create(pair("UPD", "USD", { metadata: { old: true } }));
      const now = store().clock.advance(1_000_001);
      const changed = await repository().update(created.symbolId, {
        displayName: "Updated",
        maxOrderSize: MAX_AMOUNT,
        metadata: undefined,
      });

      assert.deepEqual(changed, {
        ...created,
        displayName: "Updated",
        maxOrderSize: MAX_AMOUNT,
        metadata: undefined,
        updatedAt: now,
      });
      assert.deepEqual(await repository().getById(created.symbolId), changed);
      const taken = repository().update(created.symbolId, { symbol: "BTC/USD" });
      await refused("already_exists", taken);
      await refused("conflict", repository().update(created.symbolId, { minOrderSize: 0n }));
    });

    it("switches a symbol off and on", async () => {
      const { symbolId } = await repository().create(pair("ACT", "USD"));

      assert.equal((await repository().updateActiveStatus(symbolId, false)).isActive, false);
      assert.ok(!names(await repository().getActive()).includes("ACT/USD"));
      assert.deepEqual(await found({ isActive: false }), ["ACT/USD"]);
      assert.equal((await repository().updateActiveStatus(symbolId, true)).isActive, true);
    });

    it("filters by symbol, currencies and whether it is active", async () => {
      await repository().create(pair("FIA", "FIQ", { isActive: false }));
      await repository().create(pair("FIB", "FIQ"));

      assert.deepEqual(await found({ symbol: "FIA/FIQ" }), ["FIA/FIQ"]);
      assert.deepEqual(await found({ baseCurrency: "FIB" }), ["FIB/FIQ"]);
      assert.deepEqual(await found({ quoteCurrency: "FIQ" }), ["FIA/FIQ", "FIB/FIQ"]);
      assert.deepEqual(await found({ quoteCurrency: "FIQ", isActive: true }), ["FIB/FIQ"]);
      assert.deepEqual(names(await repository().getByBaseCurrency("FIA")), ["FIA/FIQ"]);
      assert.deepEqual(await found({ quoteCurrency: "FIQ", sortOrder: "desc", limit: 1 }), [
        "FIB/FIQ",
      ]);
    });

    it("sorts by code point, whatever the language of the database", async () => {
      for (const base of ["b", "B", "a", "A", "ä"]) await repository().create(pair(base, "SRT"));

      assert.deepEqual(
        await found({ quoteCurrency: "SRT", sortBy: "baseCurrency", sortOrder: "ASC" }),
        ["A/SRT", "B/SRT", "a/SRT", "b/SRT", "ä/SRT"],
      );
    });

    it("deletes one, and says which there isn't", async () => {
      const { symbolId } = await repository().create(pair("DEL", "USD"));
      await repository().delete(symbolId);

      const absent = (id: string) => new StorageError("not_found", `symbol not found: ${id}`);
      await assert.rejects(repository().getById(symbolId), absent(symbolId));
      await assert.rejects(repository().getBySymbol("DEL/USD"), absent("DEL/USD"));
      await assert.rejects(repository().delete(symbolId), absent(symbolId));
      await assert.rejects(repository().update(ABSENT_ID, {}), absent(ABSENT_ID));
      await assert.rejects(repository().updateActiveStatus(ABSENT_ID, true), absent(ABSENT_ID));
    });
  });
}
