import { violated } from '@corridor/protocols/assert';

/** Kinds of actor; each entity of a kind is its own root actor. */
export const ENTITY_KINDS = ['station', 'bay', 'slot', 'pack', 'truck', 'swap', 'order', 'account', 'gateway'] as const;
export type EntityKind = (typeof ENTITY_KINDS)[number];

/** Address of an actor: `<kind>:<id>`. Trucks' T-boxes are gateways too, with the id of the truck. */
export type EntityRef = `${EntityKind}:${string}`;

/** Addresses that are kept at most, by kind; then they are forgotten and made anew. */
const REFS_MAX = 50_000;
const refs: Readonly<Record<EntityKind, Map<string, EntityRef>>> = {
  station: new Map(),
  bay: new Map(),
  slot: new Map(),
  pack: new Map(),
  truck: new Map(),
  swap: new Map(),
  order: new Map(),
  account: new Map(),
  gateway: new Map(),
};

/** The same text for the same entity, made once: a text put together anew has to be hashed anew wherever it is looked up. */
export function refOf(kind: EntityKind, id: string): EntityRef {
  const known = refs[kind].get(id);
  if (known !== undefined) return known;
  if (refs[kind].size >= REFS_MAX) refs[kind].clear();
  const ref: EntityRef = `${kind}:${id}`;
  refs[kind].set(id, ref);
  return ref;
}

/** Nobody lives there any more: most swaps and orders are over within hours, and never come back. */
export function forgetRef(kind: EntityKind, id: string): void {
  refs[kind].delete(id);
}

export function parseRef(ref: EntityRef): { kind: EntityKind; id: string } {
  const colon = ref.indexOf(':');
  const name = ref.slice(0, colon);
  const kind = ENTITY_KINDS.find((known) => known === name);
  if (kind === undefined) violated(`unknown kind of entity in ${ref}`);
  return { kind, id: ref.slice(colon + 1) };
}
