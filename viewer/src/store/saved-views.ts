import { type Signal, signal } from '@preact/signals';

/** A view that somebody gave a name: the part of the address that shows it again. */
export interface SavedView {
  name: string;
  /** Search and hash: `?cam=…&layer=wait#station/BD1`. */
  address: string;
}

export const NAME_LENGTH_MAX = 60;
export const VIEWS_MAX = 40;
const ADDRESS_LENGTH_MAX = 1_000;
const KEY = 'corridor.views';

/** Named views, kept in this browser. */
export class SavedViews {
  readonly all: Signal<readonly SavedView[]>;
  private readonly storage: Storage;

  constructor(storage: Storage) {
    this.storage = storage;
    this.all = signal(stored(storage.getItem(KEY)));
  }

  /** Puts a view first; one of the same name is replaced. @returns false: it has no name, or there are too many */
  save(name: string, address: string): boolean {
    const given = name.trim().slice(0, NAME_LENGTH_MAX);
    const others = this.all.peek().filter((view) => view.name !== given);
    if (given === '' || others.length >= VIEWS_MAX) return false;
    this.keep([{ name: given, address }, ...others]);
    return true;
  }

  remove(name: string): void {
    this.keep(this.all.peek().filter((view) => view.name !== name));
  }

  private keep(views: readonly SavedView[]): void {
    this.storage.setItem(KEY, JSON.stringify(views));
    this.all.value = views;
  }
}

/** What another version or person left in the storage is not trusted. */
function stored(text: string | null): SavedView[] {
  if (text === null) return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  return Array.isArray(value) ? value.filter(isSavedView).slice(0, VIEWS_MAX) : [];
}

function isSavedView(value: unknown): value is SavedView {
  if (typeof value !== 'object' || value === null || !('name' in value) || !('address' in value)) return false;
  const { name, address } = value;
  if (typeof name !== 'string' || typeof address !== 'string') return false;
  return name !== '' && name.length <= NAME_LENGTH_MAX && address.length <= ADDRESS_LENGTH_MAX && /^([?#]|$)/.test(address);
}
