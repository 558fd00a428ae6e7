import type { Disk, DiskAccess, DiskFile } from "../src/disk.ts";

/** One call of a disk, before it is made. */
export interface DiskCall {
  readonly operation: "open" | "read" | "write" | "flush" | "rename" | "delete" | "flushNames";
  readonly name: string;
  /** Of a read or a write. */
  readonly bytes: number;
}

/** An error to fail with, or how many bytes a write takes; `undefined`: the call goes through. */
type Fault = Error | number | undefined;

export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: injected`), { code });
}

/** A disk that fails when told. Reads `fault` at each call, so a test may change it. */
export class FaultyDisk implements Disk {
  fault: (call: DiskCall) => Fault = () => undefined;
  readonly #disk: Disk;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  list(): Promise<readonly string[]> {
    return this.#disk.list();
  }

  async open(name: string, access: DiskAccess): Promise<DiskFile> {
    this.check("open", name);
    return new FaultyFile(this, name, await this.#disk.open(name, access));
  }

  async rename(from: string, to: string): Promise<void> {
    this.check("rename", from);
    await this.#disk.rename(from, to);
  }

  async delete(name: string): Promise<void> {
    this.check("delete", name);
    await this.#disk.delete(name);
  }

  async flushNames(): Promise<void> {
    this.check("flushNames", "");
    await this.#disk.flushNames();
  }

  pathOf(name: string): string {
    return this.#disk.pathOf(name);
  }

  /** @returns how many bytes go through */
  check(operation: DiskCall["operation"], name: string, bytes = 0): number {
    const fault = this.fault({ operation, name, bytes });
    if (fault instanceof Error) throw fault;
    return fault ?? bytes;
  }
}

class FaultyFile implements DiskFile {
  readonly #disk: FaultyDisk;
  readonly #name: string;
  readonly #file: DiskFile;

  constructor(disk: FaultyDisk, name: string, file: DiskFile) {
    this.#disk = disk;
    this.#name = name;
    this.#file = file;
  }

  size(): Promise<number> {
    return this.#file.size();
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    this.#disk.check("read", this.#name, into.length);
    return this.#file.read(into, position);
  }

  async write(bytes: Uint8Array, position: number): Promise<number> {
    const through = this.#disk.check("write", this.#name, bytes.length);
    return this.#file.write(bytes.subarray(0, through), position);
  }

  async flush(): Promise<void> {
    this.#disk.check("flush", this.#name);
    await this.#file.flush();
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
