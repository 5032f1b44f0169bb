import type { EquipmentList, EquipmentRow } from '@corridor/protocols/http/equipment';
import { batch, type Signal, signal } from '@preact/signals';
import type { DataApi, EquipmentAsked } from '../../feed/data-api.ts';

/** Rows in sight: from `first` to before `last`. */
export interface SeenRows {
  readonly first: number;
  readonly last: number;
}

/** Between an answer and the next question, wall time. */
const EVERY_MS = 3_000;
/** The next page is fetched when no more than this many rows are left below those in sight. */
const AHEAD_ROWS = 60;
/** Rows whose values are asked for again at once. */
const RENEWED_MAX = 200;

/**
 * A list of equipment of which there may be tens of thousands: pages are read as they come into sight, and the values of the rows in sight are asked
 * for again and again. Rows keep their places while somebody points at them or has scrolled; at the top, with nobody there, the first page is read anew.
 */
export class EquipmentReader {
  /** As far as it was read; null: nothing is there yet. What was shown stays until there is an answer to what is asked for now. */
  readonly list: Signal<EquipmentList | null> = signal(null);
  /** What is opened beside the list, also where it is on no page that was read. */
  readonly opened: Signal<EquipmentRow | null> = signal(null);
  /** Whether the twin knows nothing of what is opened. */
  readonly missing: Signal<boolean> = signal(false);
  /** Whether the last attempt failed. */
  readonly failed: Signal<boolean> = signal(false);
  readonly #api: DataApi;
  #asked: EquipmentAsked | null = null;
  #openedId: string | null = null;
  #seen: SeenRows = { first: 0, last: 0 };
  #isHeld = false;
  #hasFirst = false;
  #isReadingOn = false;
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(api: DataApi) {
    this.#api = api;
  }

  /** Asks for something, from its beginning. @param openedId what is opened beside it */
  ask(asked: EquipmentAsked, openedId: string | null): void {
    this.#asked = asked;
    this.#openedId = openedId;
    this.#hasFirst = false;
    void this.#look();
  }

  again(): void {
    void this.#look();
  }

  open(id: string | null): void {
    if (id === this.#openedId) return;
    this.#openedId = id;
    this.missing.value = false;
    this.opened.value = this.#shown.find((row) => row.id === id) ?? null;
    if (id !== null && this.opened.value === null) void this.#look();
  }

  /** Whether somebody points into the list or stands in it. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
  }

  see(seen: SeenRows): void {
    this.#seen = seen;
    if (this.#hasFirst && seen.last >= this.#shown.length - AHEAD_ROWS) void this.#readOn();
  }

  close(): void {
    this.#turn += 1;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** All rows that are asked for, page by page, for a file. */
  async whole(): Promise<EquipmentRow[]> {
    const asked = this.#asked;
    if (asked === null) return [];
    const rows: EquipmentRow[] = [];
    let cursor: string | null = null;
    do {
      const page: EquipmentList = await this.#api.equipment(asked, cursor);
      rows.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return rows;
  }

  get #shown(): readonly EquipmentRow[] {
    return this.list.peek()?.items ?? [];
  }

  async #look(): Promise<void> {
    const asked = this.#asked;
    if (asked === null) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#turn += 1;
    const turn = this.#turn;
    const isWhole = !this.#hasFirst || (!this.#isHeld && this.#seen.first === 0 && this.#shown.length <= RENEWED_MAX);
    try {
      const page = isWhole ? await this.#api.equipment(asked, null) : null;
      const ids = page === null ? this.#idsInSight() : this.#openedElsewhere(page.items);
      const renewed = ids.length === 0 ? null : await this.#api.equipmentOf(asked, ids);
      if (turn !== this.#turn) return;
      this.#hasFirst = true;
      batch(() => {
        this.failed.value = false;
        if (page !== null) this.list.value = page;
        else if (renewed !== null) this.#renew(renewed);
        this.opened.value = [...this.#shown, ...(renewed?.items ?? [])].find(({ id }) => id === this.#openedId) ?? null;
        this.missing.value = this.#openedId !== null && this.opened.value === null;
      });
    } catch {
      // The client has dealt with a lost session; what was seen stays, and is said to be old.
      if (turn !== this.#turn) return;
      this.failed.value = true;
    }
    // What was does not change.
    if (asked.at === null || this.failed.value) this.#timer = setTimeout(() => void this.#look(), EVERY_MS);
  }

  async #readOn(): Promise<void> {
    const asked = this.#asked;
    const cursor = this.list.peek()?.nextCursor ?? null;
    if (asked === null || cursor === null || this.#isReadingOn) return;
    this.#isReadingOn = true;
    try {
      const page = await this.#api.equipment(asked, cursor);
      const before = this.list.peek();
      // Whoever asked for something else meanwhile, or read anew, has other pages.
      if (before === null || this.#asked !== asked || before.nextCursor !== cursor) return;
      const known = new Set(before.items.map(({ id }) => id));
      this.list.value = { ...page, items: [...before.items, ...page.items.filter(({ id }) => !known.has(id))] };
    } catch {
      this.failed.value = true;
    } finally {
      this.#isReadingOn = false;
    }
  }

  #idsInSight(): string[] {
    const { first, last } = this.#seen;
    const inSight = this.#shown.slice(first, Math.min(last, first + RENEWED_MAX)).map(({ id }) => id);
    return [...inSight, ...this.#openedElsewhere(this.#shown.slice(first, last))];
  }

  /** What is opened, where it is not among the rows. */
  #openedElsewhere(rows: readonly EquipmentRow[]): string[] {
    const id = this.#openedId;
    return id === null || rows.some((row) => row.id === id) ? [] : [id];
  }

  #renew({ scopeAt, items, total }: EquipmentList): void {
    const before = this.list.peek();
    if (before === null) return;
    const byId = new Map(items.map((row) => [row.id, row]));
    this.list.value = { ...before, scopeAt, total, items: before.items.map((row) => byId.get(row.id) ?? row) };
  }
}
