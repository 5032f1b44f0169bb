/** One thing that the address of a page says of what is shown there. */
export interface PlaceField {
  /** What holds while the address says nothing of it. */
  readonly without: string;
  readonly allows: (text: string) => boolean;
}
export type PlaceFields<Name extends string> = Readonly<Record<Name, PlaceField>>;

/** What the longest text of an address may be that is taken, letters. */
export const LONGEST = 200;
/** Stands between the rows that are opened. */
const BETWEEN = ',';

export const oneOf = (values: readonly string[], without: string): PlaceField => ({ without, allows: (text) => values.includes(text) });
export const anyText: PlaceField = { without: '', allows: (text) => text.length <= LONGEST };
/** Whether something holds: `1`. */
export const flag: PlaceField = oneOf(['', '1'], '');
/** A local day, `2026-11-22`. */
export const localDay: PlaceField = {
  without: '',
  allows: (text) => {
    const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
    return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(text);
  },
};
/** Rows that are opened, by their names. */
export const openedRows: PlaceField = { without: '', allows: (text) => text.length <= 20 * LONGEST };

/** What comes after the `?` of a hash; empty: nothing does. */
export function queryOfHash(hash: string): string {
  const at = hash.indexOf('?');
  return at < 0 ? '' : hash.slice(at + 1);
}

/** `presence=STALE&open=P-1`. What is not understood is named, `sort=colour`, and the rest holds. */
export function placeOf<Name extends string>(query: string, fields: PlaceFields<Name>): { asked: Record<Name, string>; wrong: string[] } {
  const names = Object.keys(fields) as Name[];
  const asked = Object.fromEntries(names.map((name) => [name, fields[name].without])) as Record<Name, string>;
  const wrong: string[] = [];
  for (const [name, text] of new URLSearchParams(query)) {
    const known = names.find((each) => each === name);
    if (known !== undefined && fields[known].allows(text)) asked[known] = text;
    else wrong.push(`${name}=${text}`.slice(0, LONGEST));
  }
  return { asked, wrong };
}

/** What holds without being told is left out. */
export function queryOf<Name extends string>(asked: Readonly<Record<Name, string>>, fields: PlaceFields<Name>): string {
  const query = new URLSearchParams();
  for (const name of Object.keys(fields) as Name[]) if (asked[name] !== fields[name].without) query.set(name, asked[name]);
  return query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/');
}

/** The rows of a text of the address. */
export const rowsOf = (opened: string): string[] => opened.split(BETWEEN).filter((id) => id !== '');

/**
 * Rows that are opened and not among those that were read: they are not there, or, while there are more to read, further on.
 * @param ids null: nothing was read yet
 */
export function rowsAway(opened: string, ids: readonly string[] | null, isMore: boolean): { missing: string[]; unread: string[] } {
  const away = ids === null ? [] : rowsOf(opened).filter((id) => !ids.includes(id));
  return isMore ? { missing: [], unread: away } : { missing: away, unread: [] };
}

/** Opens what is closed, and the other way round. */
export function rowsToggled(opened: string, id: string): string {
  const rows = rowsOf(opened);
  return (rows.includes(id) ? rows.filter((each) => each !== id) : [...rows, id]).join(BETWEEN);
}

/** What is opened is somewhere to go back to; how a list is narrowed belongs to where one is. */
export function isSomewhereElse(before: string, after: string): boolean {
  const openedIn = (hash: string): string => new URLSearchParams(queryOfHash(hash)).get('open') ?? '';
  const pageOf = (hash: string): string => hash.slice(0, hash.length - queryOfHash(hash).length).replace(/\?$/, '');
  return pageOf(before) !== pageOf(after) || openedIn(before) !== openedIn(after);
}
