/** Dates that are asked for side by side are few; what is older is asked anew. */
const DATES_MAX = 32;

/** Which agreement is in force for somebody on a local date: asked several times a swap, and the same for all swaps of a day. */
export class DatedAnswers<Agreement> {
  readonly #byDate = new Map<string, Map<string, Agreement | undefined>>();
  readonly #find: (whose: string, onDate: string) => Agreement | undefined;

  /** @param find what is in force; its answer is kept until `forget` */
  constructor(find: (whose: string, onDate: string) => Agreement | undefined) {
    this.#find = find;
  }

  of(whose: string, onDate: string): Agreement | undefined {
    let answers = this.#byDate.get(onDate);
    if (answers === undefined) {
      if (this.#byDate.size >= DATES_MAX) this.forget();
      answers = new Map();
      this.#byDate.set(onDate, answers);
    }
    const known = answers.get(whose);
    if (known !== undefined || answers.has(whose)) return known;
    const found = this.#find(whose, onDate);
    answers.set(whose, found);
    return found;
  }

  /** Something was agreed, or is not any more. */
  forget(): void {
    this.#byDate.clear();
  }
}
