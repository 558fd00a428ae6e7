import type { Disk, DiskAccess, DiskFile } from "../src/disk.ts";
import { systemError } from "./faulty-disk.ts";

/** Files as bytes, for tests that damage them. Everything happens at once, nothing is ever lost. */
export class MemoryDisk implements Disk {
  readonly files: Map<string, Buffer>;

  constructor(files: ReadonlyMap<string, Buffer> = new Map()) {
    this.files = new Map([...files].map(([name, bytes]) => [name, Buffer.from(bytes)]));
  }

  /** Another disk with the same files. */
  copy(): MemoryDisk {
    return new MemoryDisk(this.files);
  }

  async list(): Promise<readonly string[]> {
    return [...this.files.keys()];
  }

  async open(name: string, access: DiskAccess): Promise<DiskFile> {
    if (access === "create") this.files.set(name, Buffer.alloc(0));
    this.bytes(name);
    return {
      size: async () => this.bytes(name).length,
      read: async (into, position) => {
        const bytes = this.bytes(name);
        return bytes.copy(into, 0, Math.min(position, bytes.length));
      },
      write: async (bytes, position) => {
        this.#write(name, bytes, position);
        return bytes.length;
      },
      flush: async () => {},
      close: async () => {},
    };
  }

  async rename(from: string, to: string): Promise<void> {
    this.files.set(to, this.bytes(from));
    this.files.delete(from);
  }

  async delete(name: string): Promise<void> {
    this.files.delete(name);
  }

  async flushNames(): Promise<void> {}

  pathOf(name: string): string {
    return `/memory/${name}`;
  }

  bytes(name: string): Buffer {
    const bytes = this.files.get(name);
    if (bytes === undefined) throw systemError("ENOENT");
    return bytes;
  }

  #write(name: string, bytes: Uint8Array, position: number): void {
    const before = this.bytes(name);
    const size = Math.max(before.length, position + bytes.length);
    const after = size === before.length ? before : Buffer.concat([before], size);
    after.set(bytes, position);
    this.files.set(name, after);
  }
}
