/** Bytes that grow as they are written. Numbers are little endian. */
export class ByteWriter {
  bytes: Buffer;
  #length = 0;

  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Forgets what is behind `length`, or adds so many zero bytes. */
  set length(length: number) {
    if (length > this.#length) {
      this.#ensure(length - this.#length);
      this.bytes.fill(0, this.#length, length);
    }
    this.#length = length;
  }

  /** What was written, until the next write. */
  get written(): Buffer {
    return this.bytes.subarray(0, this.#length);
  }

  append(bytes: Uint8Array): void {
    this.#ensure(bytes.length);
    this.bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  byte(value: number): void {
    this.#ensure(1);
    this.bytes[this.#length++] = value;
  }

  /** A whole number from 0 to 2^53 - 1, seven bits a byte, low ones first. */
  count(value: number): void {
    this.#ensure(8);
    let rest = value;
    while (rest > 0x7fffffff) {
      this.bytes[this.#length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    while (rest > 127) {
      this.bytes[this.#length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.bytes[this.#length++] = rest;
  }

  /**
   * Text exactly as it is, lone surrogates included: twice its length, plus one when it needs two
   * bytes a unit, then its units.
   */
  text(value: string): void {
    const { length } = value;
    this.count(length * 2);
    this.#ensure(length);
    const start = this.#length;
    let units = 0;
    for (let i = 0; i < length; i++) {
      const unit = value.charCodeAt(i);
      units |= unit;
      this.bytes[start + i] = unit;
    }
    if (units > 255) this.#wideText(value);
    else this.#length = start + length;
  }

  #wideText(value: string): void {
    const { length } = value;
    // The length was written already, as of narrow text: it takes as many bytes for wide text.
    this.#length -= countBytes(length * 2);
    this.count(length * 2 + 1);
    this.#ensure(length * 2);
    this.#length += this.bytes.write(value, this.#length, "utf16le");
  }

  #ensure(more: number): void {
    if (this.#length + more <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(2 * this.bytes.length, this.#length + more));
    this.bytes.copy(grown, 0, 0, this.#length);
    this.bytes = grown;
  }
}

/** Bytes that `ByteWriter.count` takes. */
function countBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) bytes++;
  return bytes;
}
