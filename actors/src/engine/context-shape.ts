import { assert } from '@corridor/protocols/assert';
import type { EngineContext } from './engine-event.ts';
import { GeneratedCode } from './generated-code.ts';

/** What an assign of certain fields makes of the contexts of one shape. */
export interface ContextChange {
  /** The context anew with those fields: given their values in order, or the part that has them. */
  readonly write: (context: EngineContext, ...given: readonly unknown[]) => EngineContext;
  readonly next: ContextShape;
}

/** Fields that an assign sets, and whether it computes each by itself or all of them as one object. */
interface AssignedFields {
  readonly names: readonly string[];
  readonly asPart: boolean;
}

/** Contexts of more shapes than this are no records with some optional fields: what is learnt of them would only grow. */
const SHAPES_MAX = 64;

/**
 * The names of a context's fields in their order, one object for each list. `Object.assign` looks them up at every copy; what is generated
 * for a shape is one object literal, which takes a third of the time or less.
 */
export class ContextShape {
  /** By the number of the assigned fields; filled in as it is used. */
  readonly changes: (ContextChange | undefined)[] = [];
  readonly names: readonly string[];
  readonly #shapes: ContextShapes;

  constructor(names: readonly string[], shapes: ContextShapes) {
    this.names = names;
    this.#shapes = shapes;
  }

  learn(fields: number): ContextChange {
    const change = this.#shapes.changeOf(this, fields);
    this.changes[fields] = change;
    return change;
  }
}

/** Of the contexts of one machine. */
export class ContextShapes {
  /** Of contexts that no literal can be written for, or that nobody looked at. */
  readonly any: ContextShape = new ContextShape([], this);
  readonly #byNames = new Map<string, ContextShape>();
  readonly #fields: AssignedFields[] = [];
  #last: ContextShape = this.any;

  /** The number of what an assign sets. */
  numberOf(fields: AssignedFields): number {
    const text = JSON.stringify(fields);
    const known = this.#fields.findIndex((each) => JSON.stringify(each) === text);
    return known === -1 ? this.#fields.push(fields) - 1 : known;
  }

  of(context: EngineContext): ContextShape {
    if (Object.getOwnPropertySymbols(context).length > 0) return this.any;
    const names = Object.keys(context);
    // The one before has nearly always the same.
    if (!areSame(names, this.#last.names)) this.#last = this.#named(names);
    return this.#last;
  }

  #named(names: readonly string[]): ContextShape {
    const key = names.join('\n');
    const known = this.#byNames.get(key);
    if (known !== undefined) return known;
    // In a literal that name says something else.
    if (names.includes('__proto__') || this.#byNames.size >= SHAPES_MAX) return this.any;
    const shape = new ContextShape(names, this);
    this.#byNames.set(key, shape);
    return shape;
  }

  changeOf(shape: ContextShape, number: number): ContextChange {
    const fields = this.#fields[number];
    assert(fields !== undefined, `nothing assigns the fields ${number}`);
    const next = shape === this.any ? shape : this.#named([...new Set([...shape.names, ...fields.names])]);
    const write = next === this.any ? writeOfAny(fields) : writeOf(shape.names, fields);
    return { write, next };
  }
}

export function areSame(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}

function writeOfAny({ names, asPart }: AssignedFields): ContextChange['write'] {
  const partOf = (given: readonly unknown[]) => (asPart ? given[0] : Object.fromEntries(names.map((name, index) => [name, given[index]])));
  return (context, ...given) => Object.assign({}, context, partOf(given));
}

function writeOf(names: readonly string[], { names: assigned, asPart }: AssignedFields): ContextChange['write'] {
  const given = asPart ? ['part'] : assigned.map((_, index) => `v${index}`);
  const valueOf = (name: string) => {
    const at = assigned.indexOf(name);
    if (at === -1) return `context[${JSON.stringify(name)}]`;
    return asPart ? `part[${JSON.stringify(name)}]` : `v${at}`;
  };
  const fields = [...new Set([...names, ...assigned])].map((name) => `${JSON.stringify(name)}: ${valueOf(name)}`);
  const title = `context with ${assigned.join()} of ${names.length} fields`;
  return new GeneratedCode().functionOf(title, [`return { ${fields.join(', ')} };`], ['context', ...given]) as ContextChange['write'];
}
