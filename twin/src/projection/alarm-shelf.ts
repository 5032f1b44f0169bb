import type { AlarmPoint, EffectOf } from '@corridor/actors/network/effect';

/** That somebody put an alarm aside for a time. */
export interface Shelf {
  readonly point: AlarmPoint;
  readonly sinceMs: number;
  /** It returns by itself, scope time. */
  readonly untilMs: number;
  readonly by: string;
  readonly reason: string;
}

const keyOf = ({ code, scope, scopeId }: AlarmPoint): string => `${code}/${scope}/${scopeId}`;

/** What is put aside now. Nobody has to end it: whether it still is, is asked with the instant. */
export class AlarmShelves {
  readonly #shelves = new Map<string, Shelf>();

  shelve({ point, atMs, untilMs, by, reason }: Omit<EffectOf<'alarm.shelved'>, 'type'>): void {
    this.#shelves.set(keyOf(point), { point, sinceMs: atMs, untilMs, by, reason });
  }

  unshelve(point: AlarmPoint): void {
    this.#shelves.delete(keyOf(point));
  }

  /** null: it is not put aside, or not any more. */
  of(point: AlarmPoint, nowMs: number): Shelf | null {
    const shelf = this.#shelves.get(keyOf(point));
    return shelf !== undefined && nowMs < shelf.untilMs ? shelf : null;
  }

  /** Takes those away whose time is over. @returns what returns by that */
  takeReturned(nowMs: number): Shelf[] {
    const returned = [...this.#shelves.values()].filter(({ untilMs }) => untilMs <= nowMs);
    for (const { point } of returned) this.unshelve(point);
    return returned;
  }
}
