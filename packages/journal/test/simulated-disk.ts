import type { Disk, DiskAccess, DiskFile } from "../src/disk.ts";
import { systemError } from "./faulty-disk.ts";
import type { SeededChance } from "./seeded-chance.ts";

/** What a disk keeps or loses as one, unless it is torn. */
const SECTOR = 512;

/** A file's bytes: as programs see them, and as they are on the platter. */
interface Inode {
  live: Buffer;
  durable: Buffer;
  /** Sectors in which the two may differ. */
  readonly dirty: Set<number>;
}

type NameChange = (names: Map<string, Inode>) => void;

/** A call that was made and has not happened yet. */
interface Pending {
  readonly run: () => void;
  /** What the call may leave behind when the power is cut before it happened. */
  readonly start: () => void;
}

/**
 * A disk in memory whose calls happen when `step` says so, in any order, and which loses at a power cut
 * what was not flushed: every sector of its own chance kept, lost or torn, the changes of names up to any
 * one of them.
 */
export class SimulatedDisk implements Disk {
  readonly #chance: SeededChance;
  #names = new Map<string, Inode>();
  #durableNames = new Map<string, Inode>();
  #nameChanges: NameChange[] = [];
  #pending: Pending[] = [];

  constructor(chance: SeededChance) {
    this.#chance = chance;
  }

  /** Calls that wait for a step. */
  get waiting(): number {
    return this.#pending.length;
  }

  /** Lets one waiting call happen. */
  step(): void {
    const [call] = this.#pending.splice(this.#chance.integer(this.#pending.length), 1);
    call?.run();
  }

  /** The disk as it is found after the power was cut now. Nothing happens on this one any more. */
  cut(): SimulatedDisk {
    for (const { start } of this.#pending) start();
    this.#pending = [];
    const after = new SimulatedDisk(this.#chance);
    const names = new Map(this.#durableNames);
    const kept = this.#chance.integer(this.#nameChanges.length + 1);
    for (const change of this.#nameChanges.slice(0, kept)) change(names);
    for (const [name, inode] of names) after.#names.set(name, this.#survivor(inode));
    after.#durableNames = new Map(after.#names);
    return after;
  }

  /** The disk as the next process finds it when this one was killed now: writes are in the cache. */
  killed(): SimulatedDisk {
    for (const { start } of this.#pending) if (this.#chance.oneIn(2)) start();
    this.#pending = [];
    const after = new SimulatedDisk(this.#chance);
    after.#names = this.#names;
    after.#durableNames = this.#durableNames;
    after.#nameChanges = this.#nameChanges;
    return after;
  }

  list(): Promise<readonly string[]> {
    return this.#call(() => [...this.#names.keys()]);
  }

  open(name: string, access: DiskAccess): Promise<DiskFile> {
    return this.#call(() => {
      const inode = access === "create" ? this.#create(name) : this.#inode(name);
      return this.#file(inode, access === "write");
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.#change((names) => {
      const inode = names.get(from);
      if (inode === undefined) return;
      names.delete(from);
      names.set(to, inode);
    });
  }

  async delete(name: string): Promise<void> {
    await this.#call(() => this.#inode(name));
    await this.#change((names) => names.delete(name));
  }

  flushNames(): Promise<void> {
    return this.#call(() => {
      this.#durableNames = new Map(this.#names);
      this.#nameChanges = [];
    });
  }

  pathOf(name: string): string {
    return `/simulated/${name}`;
  }

  #file(inode: Inode, isSync: boolean): DiskFile {
    return {
      size: () => this.#call(() => inode.live.length),
      read: (into, position) =>
        this.#call(() => inode.live.copy(into, 0, Math.min(position, inode.live.length))),
      write: (bytes, position) => {
        const copy = Buffer.from(bytes);
        const write = () => writeTo(inode, copy, position);
        return this.#call(() => {
          const sectors = write();
          if (isSync) flush(inode, sectors);
          return copy.length;
        }, write);
      },
      flush: () => this.#call(() => flush(inode, inode.dirty)),
      close: async () => {},
    };
  }

  #create(name: string): Inode {
    const inode: Inode = { live: Buffer.alloc(0), durable: Buffer.alloc(0), dirty: new Set() };
    const change = (names: Map<string, Inode>) => names.set(name, inode);
    change(this.#names);
    this.#nameChanges.push(change);
    return inode;
  }

  #inode(name: string): Inode {
    const inode = this.#names.get(name);
    if (inode === undefined) throw systemError("ENOENT");
    return inode;
  }

  #change(change: NameChange): Promise<void> {
    const make = () => {
      change(this.#names);
      this.#nameChanges.push(change);
    };
    return this.#call(make, make);
  }

  #call<Result>(happen: () => Result, start: () => void = () => {}): Promise<Result> {
    return new Promise((resolve, reject) => {
      const run = () => {
        try {
          resolve(happen());
        } catch (error) {
          reject(error);
        }
      };
      this.#pending.push({ run, start });
    });
  }

  #survivor({ live, durable, dirty }: Inode): Inode {
    const size = this.#chance.oneIn(2) ? live.length : durable.length;
    const bytes = Buffer.alloc(size);
    durable.copy(bytes);
    for (const sector of dirty) {
      const from = sector * SECTOR;
      const fate = this.#chance.integer(3);
      const kept = fate === 0 ? 0 : fate === 1 ? SECTOR : this.#chance.integer(SECTOR);
      live.copy(bytes, Math.min(from, size), from, Math.min(from + kept, live.length));
    }
    return { live: bytes, durable: Buffer.from(bytes), dirty: new Set() };
  }
}

/** @returns the sectors that were written to */
function writeTo(inode: Inode, bytes: Buffer, position: number): ReadonlySet<number> {
  const end = position + bytes.length;
  if (end > inode.live.length) {
    const grown = Buffer.alloc(end);
    inode.live.copy(grown);
    inode.live = grown;
  }
  bytes.copy(inode.live, position);
  const sectors = new Set<number>();
  for (let sector = Math.floor(position / SECTOR); sector * SECTOR < end; sector++) {
    sectors.add(sector);
    inode.dirty.add(sector);
  }
  return sectors;
}

/** Makes some sectors durable, and how long the file is. */
function flush(inode: Inode, sectors: ReadonlySet<number>): void {
  if (inode.durable.length !== inode.live.length) {
    const resized = Buffer.alloc(inode.live.length);
    inode.durable.copy(resized);
    inode.durable = resized;
  }
  for (const sector of [...sectors]) {
    const from = sector * SECTOR;
    inode.live.copy(inode.durable, from, from, Math.min(from + SECTOR, inode.live.length));
    inode.dirty.delete(sector);
  }
}
