import { assert, InvariantError, violated } from '@corridor/protocols/assert';

/** A place of some kind: which one. */
export interface Place<Kind extends string> {
  readonly kind: Kind;
  /** The same for all places of a kind of which there is only one. */
  readonly id: string;
}

const wordOf = ({ kind, id }: Place<string>): string => `${kind}:${id}`;

/** Where things stand, found by going to every place: what stands nowhere was lost on the way, what stands in two places was doubled. */
export class Whereabouts<Thing extends object, Kind extends string> {
  readonly #places = new Map<Thing, Place<Kind>[]>();
  readonly #nameOf: (thing: Thing) => string;

  constructor(nameOf: (thing: Thing) => string) {
    this.#nameOf = nameOf;
  }

  /** It was found there. */
  stands(thing: Thing, place: Place<Kind>): void {
    const places = this.#places.get(thing);
    if (places === undefined) this.#places.set(thing, [place]);
    else places.push(place);
  }

  /** The only place of a thing. @throws InvariantError when it has none, or another */
  placeOf(thing: Thing): Place<Kind> {
    const [place, ...others] = this.#places.get(thing) ?? [];
    if (place === undefined) violated(`${this.#nameOf(thing)} is nowhere`);
    if (others.length > 0) violated(`${this.#nameOf(thing)} is in more than one place: ${[place, ...others].map(wordOf).join(', ')}`);
    return place;
  }

  /**
   * Each thing has one place, and nothing else has any: so the places together hold as many as there are.
   * @param things all that there are
   * @throws InvariantError naming what is not so
   */
  check(things: readonly Thing[]): void {
    const known = new Set(things);
    assert(known.size === things.length, `${things.length - known.size} of ${things.length} are listed twice`);
    for (const thing of things) this.placeOf(thing);
    for (const thing of this.#places.keys())
      if (!known.has(thing)) violated(`${this.#nameOf(thing)} is at ${wordOf(this.placeOf(thing))}, and does not belong here`);
  }
}

/** What does not hold in a run is told with its seed. @throws InvariantError */
export function checkedWithSeed(seed: number, check: () => void): void {
  try {
    check();
  } catch (cause) {
    if (cause instanceof InvariantError) throw new InvariantError(`SEED=${seed}: ${cause.message}`, { cause });
    throw cause;
  }
}
