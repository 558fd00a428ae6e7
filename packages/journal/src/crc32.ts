/** CRC-32 of IEEE 802.3, eight bytes a step. */
const [t0, t1, t2, t3, t4, t5, t6, t7] = makeTables();

/**
 * CRC-32 of `bytes` from `from` up to, not with, `to`, continued from `seed`: the same as
 * `zlib.crc32`, without the cost of a native call, which is twice what a frame of 100 bytes takes.
 */
export function crc32(bytes: Uint8Array, from: number, to: number, seed: number): number {
  let c = ~seed;
  let i = from;
  for (; i + 8 <= to; i += 8) {
    c ^= word(bytes, i);
    const d = word(bytes, i + 4);
    c =
      at(t7, c & 255) ^
      at(t6, (c >>> 8) & 255) ^
      at(t5, (c >>> 16) & 255) ^
      at(t4, c >>> 24) ^
      at(t3, d & 255) ^
      at(t2, (d >>> 8) & 255) ^
      at(t1, (d >>> 16) & 255) ^
      at(t0, d >>> 24);
  }
  for (; i < to; i++) c = at(t0, (c ^ at(bytes, i)) & 255) ^ (c >>> 8);
  return ~c >>> 0;
}

function word(bytes: Uint8Array, i: number): number {
  return (
    at(bytes, i) | (at(bytes, i + 1) << 8) | (at(bytes, i + 2) << 16) | (at(bytes, i + 3) << 24)
  );
}

type Table = Uint32Array;
type Tables = readonly [Table, Table, Table, Table, Table, Table, Table, Table];

/** Table 0 is of single bytes; table n is of bytes with n zero bytes behind them. */
function makeTables(): Tables {
  const tables = Array.from({ length: 8 }, () => new Uint32Array(256));
  const [first] = tables as unknown as Tables;
  for (let byte = 0; byte < 256; byte++) {
    let c = byte;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
    first[byte] = c;
  }
  for (let n = 1; n < 8; n++) {
    const [before, table] = [tables[n - 1], tables[n]] as [Table, Table];
    for (let byte = 0; byte < 256; byte++) {
      const c = at(before, byte);
      table[byte] = (c >>> 8) ^ at(first, c & 255);
    }
  }
  return tables as unknown as Tables;
}

function at(table: Uint8Array | Uint32Array, i: number): number {
  return table[i] as number;
}
