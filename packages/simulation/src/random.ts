import { assert, type Random } from "@tse/domain";

const WORD = 2 ** 32;

/** Draws thrown away first: the generator's authors mix a new state this often. */
const WARM_UP = 15;

/**
 * The root stream of a seed. A number and its text are the same seed: `42` and `"42"`.
 *
 * The generator is sfc32: 128 bits of state, no known statistical weakness (PractRand and BigCrush
 * pass), and only 32-bit additions, shifts and xors, which V8 keeps in integer registers. A counter in
 * its state guarantees a period of at least 2^32. Its numbers are not fit for secrets.
 */
export function seededRandom(seed: number | string): Random {
  return new Stream(String(seed));
}

/**
 * A stream is named by its path from the seed. The path's hash is its whole state at birth, so that a
 * fork depends on names only, never on what its parent drew.
 */
class Stream implements Random {
  readonly #path: string;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  /** The second number of the last pair that `normal` made. */
  #spare: number | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#a = hash(path, 0x9e3779b9);
    this.#b = hash(path, 0x85ebca6b);
    this.#c = hash(path, 0xc2b2ae35);
    for (let i = 0; i < WARM_UP; i++) this.#word();
  }

  next(): number {
    return this.#word() / WORD;
  }

  /** Draws again when a word falls into the incomplete last block: every integer is equally likely. */
  integer(bound: number): number {
    assert(Number.isInteger(bound) && bound >= 1 && bound <= WORD, "a bound is from 1 to 2^32");
    const complete = WORD - (WORD % bound);
    let word = this.#word();
    while (word >= complete) word = this.#word();
    return word % bound;
  }

  /**
   * Marsaglia's polar method: exact, not an approximation of the distribution. Its logarithm is V8's
   * own portable one (fdlibm), not the processor's; equal on all machines that run one version of V8.
   */
  normal(): number {
    const spare = this.#spare;
    if (spare !== undefined) {
      this.#spare = undefined;
      return spare;
    }
    for (;;) {
      const x = 2 * this.next() - 1;
      const y = 2 * this.next() - 1;
      const square = x * x + y * y;
      if (square > 0 && square < 1) {
        const factor = Math.sqrt((-2 * Math.log(square)) / square);
        this.#spare = y * factor;
        return x * factor;
      }
    }
  }

  /** The length before the name keeps `fork("a/b")` apart from `fork("a").fork("b")`. */
  fork(name: string): Random {
    return new Stream(`${this.#path}/${name.length}:${name}`);
  }

  /** Uniform in [0, 2^32). */
  #word(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}

/** 32 bits of FNV-1a over UTF-16 units from `basis`, then the finalizer of MurmurHash3. */
function hash(text: string, basis: number): number {
  let value = basis;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
}
