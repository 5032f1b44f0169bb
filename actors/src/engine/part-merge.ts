import type { EngineContext } from './engine-event.ts';
import { GeneratedCode } from './generated-code.ts';

type Copy = (next: EngineContext, part: object) => void;

/**
 * What `Object.assign({}, context, part)` makes, for an assign whose fields are known only when it runs. It returns the same ones nearly
 * always: those of the first time are copied each by a statement of its own, a fifth of the work; others as `Object.assign` does it.
 */
export class PartMerge {
  #names: readonly string[] | null = null;
  #copy: Copy | null = null;

  merged(context: EngineContext, part: unknown): EngineContext {
    const next: EngineContext = Object.assign({}, context);
    if (typeof part !== 'object' || part === null) return Object.assign(next, part);
    if (this.#copy === null) this.#learn(Object.keys(part));
    if (this.#copy === null || !this.#isKnown(part)) return Object.assign(next, part);
    this.#copy(next, part);
    return next;
  }

  #learn(names: readonly string[]): void {
    this.#names = names;
    const statements = names.map((name) => `next[${JSON.stringify(name)}] = part[${JSON.stringify(name)}];`);
    this.#copy = new GeneratedCode().functionOf(`part of ${names.length} fields`, statements, ['next', 'part']) as Copy;
  }

  #isKnown(part: object): boolean {
    const known = this.#names ?? [];
    const names = Object.keys(part);
    if (names.length !== known.length) return false;
    for (let index = 0; index < names.length; index += 1) if (names[index] !== known[index]) return false;
    return true;
  }
}
