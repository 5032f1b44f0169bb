import { areSame, type ContextShapes } from './context-shape.ts';
import type { Running } from './running.ts';

/** The fields of a part that came once, and their number among what the machine assigns. */
interface KnownPart {
  readonly names: readonly string[];
  readonly fields: number;
}

/** Lists of fields that one assign is known by; others are merged without any knowledge. */
const KNOWN_MAX = 4;

/**
 * What `Object.assign({}, context, part)` makes, for an assign whose fields are known only when it runs. It returns the same few lists of
 * them nearly always, and those are written by generated code.
 */
export class PartMerge {
  readonly #shapes: ContextShapes;
  readonly #known: KnownPart[] = [];

  constructor(shapes: ContextShapes) {
    this.#shapes = shapes;
  }

  merge(running: Running, part: unknown): void {
    const known = typeof part === 'object' && part !== null ? this.#find(part) : null;
    if (known === null) {
      running.put(Object.assign({}, running.context, part));
      return;
    }
    const { shape } = running;
    const change = shape.changes[known.fields] ?? shape.learn(known.fields);
    running.context = change.write(running.context, part);
    running.shape = change.next;
    running.assigned = true;
  }

  #find(part: object): KnownPart | null {
    const names = Object.keys(part);
    for (const known of this.#known) if (areSame(names, known.names)) return known;
    if (this.#known.length >= KNOWN_MAX) return null;
    const known = { names, fields: this.#shapes.numberOf({ names, asPart: true }) };
    this.#known.push(known);
    return known;
  }
}
