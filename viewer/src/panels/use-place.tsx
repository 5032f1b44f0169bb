import type { VNode } from 'preact';
import { type PlaceFields, placeOf, queryOf, rowsAway, rowsOf, rowsToggled } from '../store/place-query.ts';
import { useApp, useWords } from './app-context.ts';
import type { KeptFold } from './money/fold-row.tsx';
import type { Paged } from './money/paged.ts';

export interface Place<Name extends string> {
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

/** Rows that the address opens and that are not there. @param ids of all that there are; null: it is not known yet which */
export function missingRows(open: string, ids: readonly string[] | null): string[] {
  return rowsAway(open, ids, false).missing.map(openText);
}

const openText = (id: string): string => `open=${id}`;

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

/** The same over a list of which a part was read: what is opened may stand further on. */
export function PagedNotice<T>(props: { wrong: readonly string[]; open: string; list: Paged<T>; keyOf: (item: T) => string }): VNode {
  const { list } = props;
  const words = useWords();
  // While it is asked for, what is there may be the answer to another question.
  const ids = list.state === 'ready' && list.items !== null ? list.items.map(props.keyOf) : null;
  const { missing, unread } = rowsAway(props.open, ids, list.more);
  return (
    <>
      <PlaceNotice wrong={[...props.wrong, ...missing.map(openText)]} />
      {unread.length > 0 && (
        <p class="wait-text place-notice" role="status" data-unread={unread.join(' ')}>
          {words.layers.unread} <code>{unread.map(openText).join(', ')}</code>{' '}
          <button type="button" class="link" data-action="read-on" onClick={list.loadMore}>
            {words.money.more}
          </button>
        </p>
      )}
    </>
  );
}

/** Names a part that the address asked this page for and that it does not have. */
export function StrangePart(): VNode | null {
  const part = useApp().strangePart.value;
  return part === null ? null : (
    <div class="strange-part">
      <PlaceNotice wrong={[part]} />
    </div>
  );
}
