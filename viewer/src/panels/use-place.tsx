import type { VNode } from 'preact';
import { type PlaceFields, placeOf, queryOf, rowsOf, rowsToggled } from '../store/place-query.ts';
import { useApp, useWords } from './app-context.ts';
import type { KeptFold } from './money/fold-row.tsx';

interface Place<Name extends string> {
  asked: Record<Name, string>;
  /** What of the address says nothing here. */
  wrong: readonly string[];
  narrow: (part: Partial<Record<Name, string>>) => void;
  /** What holds by now, also before it is drawn. */
  now: () => Record<Name, string>;
}

/** What is shown on a page over the scene, as its address keeps it: filters, order, and what is opened. */
export function usePlace<Name extends string>(fields: PlaceFields<Name>): Place<Name> {
  const { pageQuery } = useApp();
  const now = (): Record<Name, string> => placeOf(pageQuery.peek(), fields).asked;
  return {
    ...placeOf(pageQuery.value, fields),
    now,
    narrow: (part) => {
      pageQuery.value = queryOf({ ...now(), ...part }, fields);
    },
  };
}

/** The rows that are opened, as a row of a table asks for them. */
export function openedIn({ asked, narrow, now }: Place<'open'>): (id: string) => KeptFold {
  return (id) => ({ open: rowsOf(asked.open).includes(id), toggle: () => narrow({ open: rowsToggled(now().open, id) }) });
}

/** Rows that the address opens and that are not there. @param ids null: it is not known yet which are */
export function missingRows(open: string, ids: readonly string[] | null): string[] {
  return ids === null ? [] : rowsOf(open).flatMap((id) => (ids.includes(id) ? [] : [`open=${id}`]));
}

/** Says what of the address could not be shown; the rest is. */
export function PlaceNotice({ wrong }: { wrong: readonly string[] }): VNode | null {
  const words = useWords();
  if (wrong.length === 0) return null;
  return (
    <p class="wait-text place-notice" role="status" data-wrong={wrong.join(' ')}>
      {words.layers.wrong} <code>{wrong.join(', ')}</code> · {words.layers.wrongRest}
    </p>
  );
}
