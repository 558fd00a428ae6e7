/** A 32-bit hash of a stream of numbers, to tell whether two streams are the same. */
export class Fingerprint {
  #hash = 0x811c9dc5 | 0;

  /** Integers, of which the low 32 bits count. */
  add(value: number): void {
    const hash = Math.imul(this.#hash ^ value, 0x01000193);
    this.#hash = hash ^ (hash >>> 15);
  }

  get value(): number {
    return this.#hash >>> 0;
  }

  get text(): string {
    return this.value.toString(16).padStart(8, "0");
  }
}
