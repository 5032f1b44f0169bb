import { type Address, ENTITY_KINDS, type EntityKind } from './entity-ref.ts';

type ByKind<Value> = Record<EntityKind, Value>;

/** The actors of a network by kind and id: a look-up with every message, so each kind has a table of its own and no address is put together. */
export class Residents<Host> {
  readonly #byKind = Object.fromEntries(ENTITY_KINDS.map((kind) => [kind, new Map<string, Host>()])) as ByKind<Map<string, Host>>;

  get size(): number {
    return ENTITY_KINDS.reduce((sum, kind) => sum + this.#byKind[kind].size, 0);
  }

  at(kind: EntityKind, id: string): Host | undefined {
    return this.#byKind[kind].get(id);
  }

  has({ kind, id }: Address): boolean {
    return this.#byKind[kind].has(id);
  }

  put(kind: EntityKind, id: string, host: Host): void {
    this.#byKind[kind].set(id, host);
  }

  remove({ kind, id }: Address): void {
    this.#byKind[kind].delete(id);
  }

  ids(kind: EntityKind): Iterable<string> {
    return this.#byKind[kind].keys();
  }

  /** Kind after kind, each in the order in which they came. */
  *all(): Iterable<Host> {
    for (const kind of ENTITY_KINDS) yield* this.#byKind[kind].values();
  }
}
