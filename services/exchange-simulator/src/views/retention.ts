import type { Sequence } from "@tse/domain";

/** For a snapshot. */
export interface RetentionState {
  readonly completeFrom: Sequence;
  /** `undefined`: nobody projects. */
  readonly projected: Sequence | undefined;
}

export interface KeptOptions<Item> {
  /** So many of the newest are kept even when SQL has them. */
  readonly bound: number;
  /** Sequence of the unit that changed the item last. Never falls from one item to the next. */
  readonly sequenceOf: (item: Item) => Sequence;
  readonly forget?: (item: Item) => void;
}

/** Beyond so many times its bound a list forgets what SQL doesn't have yet: memory is bounded. */
const HARD_BOUND = 4;

/**
 * What one view may forget. A list keeps the newest items up to its bound, and beyond it those that the
 * projection hasn't brought to SQL, up to a hard bound. While nobody projects, the bound alone counts.
 */
export class Retention {
  #projected: Sequence | undefined;
  #completeFrom: Sequence;
  readonly #overfull = new Set<{ trim(): void }>();

  constructor() {
    this.#completeFrom = 1 as Sequence;
  }

  /** The view holds everything whose last change is in this unit or a later one. */
  get completeFrom(): Sequence {
    return this.#completeFrom;
  }

  /** Everything up to `sequence` is in SQL. */
  projected(sequence: Sequence): void {
    this.#projected = sequence;
    for (const list of this.#overfull) list.trim();
  }

  list<Item>(options: KeptOptions<Item>): Kept<Item> {
    return new Kept(this, options);
  }

  /** @param completeFrom of what is saved, when that is less than the view holds */
  save(completeFrom: number): RetentionState {
    const later = Math.max(this.#completeFrom, completeFrom) as Sequence;
    return { completeFrom: later, projected: this.#projected };
  }

  restore({ completeFrom, projected }: RetentionState): void {
    this.#completeFrom = completeFrom;
    this.#projected = projected;
  }

  /** For lists. */
  isInSql(sequence: Sequence): boolean {
    return this.#projected === undefined || sequence <= this.#projected;
  }

  /** Something whose last change is in unit `sequence` is gone. */
  forgot(sequence: Sequence): void {
    this.#completeFrom = Math.max(this.#completeFrom, sequence + 1) as Sequence;
  }

  /** For lists: whether this one is to be asked again when the projection has come further. */
  watch(list: { trim(): void }, isOverfull: boolean): void {
    if (isOverfull) this.#overfull.add(list);
    else this.#overfull.delete(list);
  }
}

/** Items of a view, oldest first; see `Retention` for how long. Adding costs the same whatever its length. */
export class Kept<Item> {
  readonly #retention: Retention;
  readonly #options: KeptOptions<Item>;
  /** Empty places of forgotten items, then the items. */
  #places: (Item | undefined)[] = [];
  #first = 0;
  #isOverfull = false;

  constructor(retention: Retention, options: KeptOptions<Item>) {
    this.#retention = retention;
    this.#options = options;
  }

  get length(): number {
    return this.#places.length - this.#first;
  }

  /** @param index 0 is the oldest */
  at(index: number): Item {
    return this.#places[this.#first + index] as Item;
  }

  /** As of an array: negative numbers count from the end. */
  slice(start = 0, end = this.length): Item[] {
    const from = start < 0 ? Math.max(0, this.length + start) : start;
    return this.#places.slice(this.#first + from, this.#first + end) as Item[];
  }

  /** Those changed after unit `sequence`, oldest first. */
  after(sequence: Sequence): Item[] {
    return this.slice(this.firstWhere((item) => this.#options.sequenceOf(item) > sequence));
  }

  /** All others, oldest first. */
  upTo(sequence: Sequence): Item[] {
    return this.slice(
      0,
      this.firstWhere((item) => this.#options.sequenceOf(item) > sequence),
    );
  }

  /** Index of the first item for which `holds` is true, as it then is for all that follow; else the length. */
  firstWhere(holds: (item: Item) => boolean): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(this.at(middle))) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  add(item: Item): void {
    this.#places.push(item);
    if (this.length > this.#options.bound) this.trim();
  }

  /** Forgets what it may. */
  trim(): void {
    const { bound } = this.#options;
    while (this.length > bound && this.#mayForget()) this.#forgetOldest();
    if (2 * this.#first > this.#places.length) {
      this.#places = this.#places.slice(this.#first);
      this.#first = 0;
    }
    this.#watch(this.length > bound);
  }

  #mayForget(): boolean {
    if (this.length > HARD_BOUND * this.#options.bound) return true;
    return this.#retention.isInSql(this.#options.sequenceOf(this.at(0)));
  }

  #forgetOldest(): void {
    const item = this.at(0);
    this.#places[this.#first] = undefined;
    this.#first += 1;
    this.#retention.forgot(this.#options.sequenceOf(item));
    this.#options.forget?.(item);
  }

  #watch(isOverfull: boolean): void {
    if (isOverfull === this.#isOverfull) return;
    this.#isOverfull = isOverfull;
    this.#retention.watch(this, isOverfull);
  }
}
