/** For a snapshot. */
export type ForgottenState<Key> = readonly (readonly [Key, number])[];

/**
 * The greatest number that a view let go of, by whose it was. Whatever of his is numbered above it is
 * still in the view; what isn't is in SQL, or nowhere.
 */
export class Forgotten<Key> {
  readonly #greatest = new Map<Key, number>();
  #last = -1;

  /** -1: nothing was. */
  of(key: Key): number {
    return this.#greatest.get(key) ?? -1;
  }

  note(key: Key, number: number): void {
    if (number > this.of(key)) this.#greatest.set(key, number);
    if (number > this.#last) this.#last = number;
  }

  /** The greatest of all; -1: there is none. */
  get last(): number {
    return this.#last;
  }

  /** @param more what is not saved beside it */
  save(more: Iterable<readonly [Key, number]>): ForgottenState<Key> {
    const all = new Forgotten<Key>();
    all.restore([...this.#greatest]);
    all.restore([...more]);
    return [...all.#greatest];
  }

  restore(state: ForgottenState<Key>): void {
    for (const [key, number] of state) this.note(key, number);
  }
}
