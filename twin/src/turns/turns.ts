/**
 * Work that has the same key is done one after the other, in the order in which it was asked for: the second sees what became of the
 * first, also when that failed. Work of other keys does not wait. Within this process only: what two processes do needs a lock of the
 * database besides.
 */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** @returns, or throws, what the work does */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    // How the one before ended is told to whoever asked for it.
    const mine = before === undefined ? work() : before.then(work, work);
    this.#last.set(key, mine);
    try {
      return await mine;
    } finally {
      // Nobody waits behind it: a key that is not used costs nothing.
      if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }
}
