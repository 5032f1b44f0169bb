/** First in, first out, without moving what waits. */
export class Fifo<T> {
  #items: T[] = [];
  #first = 0;

  get length(): number {
    return this.#items.length - this.#first;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** @throws RangeError when nothing waits: whoever counts, counted wrong */
  shift(): T {
    const item = this.#items[this.#first];
    if (item === undefined || this.length === 0) throw new RangeError('nothing waits');
    this.#first += 1;
    if (this.#first > 1_000 && this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return item;
  }

  /** Whatever waits at a place, 0 for who came first. @throws RangeError when nobody stands there */
  take(place: number): T {
    if (place === 0) return this.shift();
    const [item] = this.#items.splice(this.#first + place, 1);
    if (item === undefined) throw new RangeError(`nothing waits at place ${place}`);
    return item;
  }

  *[Symbol.iterator](): Generator<T> {
    for (let index = this.#first; index < this.#items.length; index += 1) yield this.#items[index] as T;
  }
}
