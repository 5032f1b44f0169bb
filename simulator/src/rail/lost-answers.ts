/** By which merchants number what they ask for. */
const NUMBER = /"(?:out_trade_no|out_order_no|out_refund_no)":"([^"]+)"/g;

/** Answers that do not arrive: what was asked for is done all the same, and whoever asked knows nothing of it. */
export class LostAnswers {
  #isLosing = false;
  readonly #lost = new Set<string>();

  lose(isLosing: boolean): void {
    this.#isLosing = isLosing;
  }

  /** The first answer to each number; whoever asks again is answered. @param body as it came */
  isLost(method: string, body: string): boolean {
    if (!this.#isLosing || method !== 'POST') return false;
    // Of a refund the trade's number comes with it: all of them together name what is asked for.
    const asked = [...body.matchAll(NUMBER)].map(([, number]) => number).join(' ');
    if (asked === '' || this.#lost.has(asked)) return false;
    this.#lost.add(asked);
    return true;
  }
}
