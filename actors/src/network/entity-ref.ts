import { violated } from '@corridor/protocols/assert';

/** Kinds of actor; each entity of a kind is its own root actor. */
export const ENTITY_KINDS = ['station', 'bay', 'slot', 'pack', 'truck', 'swap', 'order', 'account', 'gateway'] as const;
export type EntityKind = (typeof ENTITY_KINDS)[number];

/** Address of an actor: `<kind>:<id>`. Trucks' T-boxes are gateways too, with the id of the truck. */
export type EntityRef = `${EntityKind}:${string}`;

/** Where an actor is found. */
export interface Address {
  readonly kind: EntityKind;
  readonly id: string;
}

export const refOf = (kind: EntityKind, id: string): EntityRef => `${kind}:${id}`;

export function parseRef(ref: EntityRef): Address {
  const colon = ref.indexOf(':');
  const name = ref.slice(0, colon);
  const kind = ENTITY_KINDS.find((known) => known === name);
  if (kind === undefined) violated(`unknown kind of entity in ${ref}`);
  return { kind, id: ref.slice(colon + 1) };
}
