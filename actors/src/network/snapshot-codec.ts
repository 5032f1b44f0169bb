import { assert, violated } from '@corridor/protocols/assert';
import type { EntityKind } from './entity-ref.ts';

/** A timer that an actor waits for. `event` carries nothing but its type, so that it survives as text. */
export interface StoredTimer {
  timer: string;
  event: string;
  dueAtMs: number;
  /** Order among the timers of one instant, over the whole network. */
  seq: number;
}

/** An actor at rest, fit for JSON: what is stored and what both engines restore from. */
export interface StoredSnapshot {
  machine: EntityKind;
  id: string;
  /** Of the machine's context and states; see the catalogue's rules for older ones. */
  version: number;
  value: unknown;
  /** bigint stands as `{"$bigint": "123"}`. */
  context: unknown;
  due: StoredTimer[];
}

const BIGINT = '$bigint';

/** Context -> JSON-safe value; shares what needs no change. @throws InvariantError on what JSON would lose silently */
export function encodeContext(value: unknown): unknown {
  switch (typeof value) {
    case 'bigint':
      return { [BIGINT]: value.toString() };
    case 'number':
      assert(Number.isFinite(value), `${value} in the context of an actor`);
      return value;
    case 'string':
    case 'boolean':
      return value;
    case 'object':
      return value === null ? null : mapInner(value, encodeContext);
    default:
      violated(`${typeof value} in the context of an actor`);
  }
}

export function decodeContext(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (BIGINT in value && typeof value[BIGINT] === 'string') return BigInt(value[BIGINT]);
  return mapInner(value, decodeContext);
}

function mapInner(value: object, map: (inner: unknown) => unknown): unknown {
  if (Array.isArray(value)) return mapItems(value, map);
  const prototype: unknown = Object.getPrototypeOf(value);
  assert(prototype === Object.prototype || prototype === null, `a ${value.constructor.name} in the context of an actor`);
  const fields = value as Readonly<Record<string, unknown>>;
  let copy: Record<string, unknown> | null = null;
  // Nothing is inherited; entries would be a list for each field.
  for (const key in fields) {
    const inner = fields[key];
    const mapped = map(inner);
    if (mapped === inner) continue;
    copy ??= { ...fields };
    copy[key] = mapped;
  }
  return copy ?? value;
}

function mapItems(items: readonly unknown[], map: (inner: unknown) => unknown): readonly unknown[] {
  let copy: unknown[] | null = null;
  for (const [index, item] of items.entries()) {
    const mapped = map(item);
    if (mapped === item) continue;
    copy ??= [...items];
    copy[index] = mapped;
  }
  return copy ?? items;
}
