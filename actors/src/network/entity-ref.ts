import { assert } from '@corridor/protocols/assert';

/** Kinds of actor; each entity of a kind is its own root actor. */
export const ENTITY_KINDS = ['station', 'bay', 'slot', 'pack', 'truck', 'swap', 'order', 'account', 'gateway'] as const;
export type EntityKind = (typeof ENTITY_KINDS)[number];

/** Address of an actor: `<kind>:<id>`. Trucks' T-boxes are gateways too, with the id of the truck. */
export type EntityRef = `${EntityKind}:${string}`;

export const refOf = (kind: EntityKind, id: string): EntityRef => `${kind}:${id}`;

export function parseRef(ref: EntityRef): { kind: EntityKind; id: string } {
  const colon = ref.indexOf(':');
  const kind = ENTITY_KINDS.find((known) => known === ref.slice(0, colon));
  assert(kind !== undefined, `unknown kind of entity in ${ref}`);
  return { kind, id: ref.slice(colon + 1) };
}
