/** The source of a function while it is written, with the values that it refers to. */
export class GeneratedCode {
  readonly #values: unknown[] = [];

  /** How the source names a value: a literal where there is one, else a constant of the function's own. */
  nameOf(value: unknown): string {
    if (value === undefined || value === null || typeof value === 'boolean') return String(value);
    if (typeof value === 'string') return JSON.stringify(value);
    const known = this.#values.indexOf(value);
    return `k${known === -1 ? this.#values.push(value) - 1 : known}`;
  }

  /**
   * A function of the step under way. Each has its own call sites, so that V8 learns one callee at each and puts small ones in
   * their place, with what they would have allocated.
   * @param name as stack traces and profiles show it
   */
  functionOf(name: string, statements: readonly string[], parameters: readonly string[] = ['step']): Function {
    const constants = this.#values.map((_, index) => `const k${index} = values[${index}];`).join(' ');
    const source = [
      '"use strict";',
      constants,
      `return function (${parameters.join(', ')}) {`,
      ...statements,
      '};',
      `//# sourceURL=compiled-chart/${encodeURIComponent(name)}`,
    ].join('\n');
    // oxlint-disable-next-line typescript/no-implied-eval -- made of our own definitions alone: texts in it are JSON, the rest are constants
    return new Function('values', source)(this.#values) as Function;
  }
}
