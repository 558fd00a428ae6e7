/**
 * A 128-bit hash of numbers and texts, to tell whether two runs did the same. Not for secrets.
 *
 * Numbers and texts run in lanes of their own, so that the numbers of many events can be taken at
 * once; the order within a lane counts, and each lane is 64 bits wide.
 */
export class Digest {
  readonly #numbers = new Lane();
  readonly #texts = new Lane();

  /** Takes the bits of each number: 0 and -0 are different. */
  addNumbers(numbers: Float64Array): void {
    const halves = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length * 2);
    this.#numbers.add(halves);
  }

  addText(text: string): void {
    const units = new Uint32Array(2 * Math.ceil((text.length + 1) / 2));
    units[0] = text.length;
    for (let i = 0; i < text.length; i++) units[i + 1] = text.charCodeAt(i);
    this.#texts.add(units);
  }

  /** Takes plain data: object keys in alphabetical order, a BigInt apart from a number. */
  addValue(value: unknown): void {
    this.addText(JSON.stringify(value, canonical) ?? "undefined");
  }

  /** 32 hexadecimal digits. */
  toString(): string {
    return this.#numbers.toString() + this.#texts.toString();
  }
}

/**
 * Two 32-bit hashes side by side, each of every number: a step of MurmurHash3 on both halves of its
 * bits, with other constants in each. They don't wait for each other.
 */
class Lane {
  #first = 0x811c9dc5 | 0;
  #second = 0x9e3779b9 | 0;

  add(words: Uint32Array): void {
    let first = this.#first;
    let second = this.#second;
    for (let i = 0; i < words.length; i += 2) {
      const low = words[i] as number;
      const high = words[i + 1] as number;
      const mixed = Math.imul(low, 0xcc9e2d51) ^ Math.imul(high, 0x1b873593);
      first ^= (mixed << 15) | (mixed >>> 17);
      first = (Math.imul((first << 13) | (first >>> 19), 5) + 0xe6546b64) | 0;
      second ^= Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
      second = (Math.imul((second << 11) | (second >>> 21), 9) + 0x38495ab5) | 0;
    }
    this.#first = first;
    this.#second = second;
  }

  toString(): string {
    return [this.#first, this.#second]
      .map((half) => (half >>> 0).toString(16).padStart(8, "0"))
      .join("");
  }
}

function canonical(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
