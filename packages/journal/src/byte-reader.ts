/** Reads what `ByteWriter` wrote. Reading behind `end` gives nonsense or throws `RangeError`. */
export class ByteReader {
  #bytes: Buffer;
  #position = 0;
  #end = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Continues with the bytes of `bytes` from `position` up to, not with, `end`. */
  reset(bytes: Buffer, position: number, end: number): void {
    this.#bytes = bytes;
    this.#position = position;
    this.#end = end;
  }

  get isAtEnd(): boolean {
    return this.#position === this.#end;
  }

  byte(): number {
    return this.#bytes[this.#position++] as number;
  }

  count(): number {
    let value = this.byte();
    if (value < 128) return value;
    value &= 127;
    for (let scale = 128; ; scale *= 128) {
      const byte = this.byte();
      if (this.#position > this.#end) throw new RangeError("a number ends behind its frame");
      if (byte < 128) return value + byte * scale;
      value += (byte & 127) * scale;
    }
  }

  text(): string {
    const header = this.count();
    const bytes = header & 1 ? header - 1 : header / 2;
    if (bytes === 0) return "";
    const start = this.#position;
    this.#position += bytes;
    if (this.#position > this.#end) throw new RangeError("text ends behind its frame");
    return this.#bytes.toString(header & 1 ? "utf16le" : "latin1", start, this.#position);
  }
}
