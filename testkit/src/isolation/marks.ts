/** Who asks, reduced to what rights hang on. */
export interface Asker {
  /** As the demo sign-in names it. */
  readonly user: string;
  readonly kind: 'ALL' | 'STATION_OPERATOR' | 'BATTERY_OWNER' | 'CARRIER' | 'DRIVER' | 'PUBLIC';
  /** Principal, or the driver; null for the platform and for guests. */
  readonly id: string | null;
}

type MayRead = (asker: Asker) => boolean;

const MARK = /K(\d+)K|\b71(\d{8})\b/g;
const NUMBER_BASE = 7_100_000_000;

/**
 * Marks hidden in rows that are somebody's: a text, or a number where a column holds numbers. Whatever answer shows one to whom it does not
 * belong is a leak, wherever it stands and whichever route or query it came by.
 */
export class Marks {
  readonly #owners: MayRead[] = [];

  get count(): number {
    return this.#owners.length;
  }

  text(mayRead: MayRead): string {
    return `K${this.#owners.push(mayRead) - 1}K`;
  }

  number(mayRead: MayRead): number {
    return NUMBER_BASE + this.#owners.push(mayRead) - 1;
  }

  /** Marks in an answer: those that the asker may read, and those that he may not. */
  judge(answer: string, asker: Asker): { own: number[]; leaked: number[] } {
    const own: number[] = [];
    const leaked: number[] = [];
    for (const [, text, digits] of answer.matchAll(MARK)) {
      const no = Number(text ?? digits);
      const mayRead = this.#owners[no];
      if (mayRead === undefined) continue;
      (mayRead(asker) ? own : leaked).push(no);
    }
    return { own, leaked };
  }
}

/** Whether somebody acts for one of these principals, or for the platform. */
export const isOf = (asker: Asker, ...ids: readonly string[]): boolean =>
  asker.kind === 'ALL' || (asker.kind !== 'DRIVER' && asker.kind !== 'PUBLIC' && asker.id !== null && ids.includes(asker.id));
