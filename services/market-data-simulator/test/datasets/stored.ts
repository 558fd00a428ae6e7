import { timestamp } from "@tse/domain";
import {
  type MarketDataAdapter,
  newMarketDataAdapter,
  type StoreConfig,
} from "@tse/market-data-adapter";
import { seededRandom, VirtualClock } from "@tse/simulation";

/** A store in memory, connected, with a clock that stands at 2026-01-05 until it is told to move. */
export async function openStored(): Promise<{ adapter: MarketDataAdapter; clock: VirtualClock }> {
  const stored = adapterOver({ kind: "memory" });
  await stored.adapter.connect();
  return stored;
}

/** A store whose server isn't there. */
export function awayStored(): ReturnType<typeof adapterOver> {
  return adapterOver({ kind: "postgres", url: "postgres://localhost:1/none" });
}

function adapterOver(store: StoreConfig): { adapter: MarketDataAdapter; clock: VirtualClock } {
  const clock = new VirtualClock(timestamp(Date.UTC(2026, 0, 5) * 1000));
  const adapter = newMarketDataAdapter(
    { instanceName: "market-data-simulator", store },
    { logger: { info() {}, warn() {} }, clock, realClock: clock, random: seededRandom("ids") },
  );
  return { adapter, clock };
}

/** All that a source gives. */
export async function drained<Item>(source: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of source) items.push(item);
  return items;
}

/** A file in pieces of at most `size` bytes. */
export async function* chunksOf(text: string, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}
