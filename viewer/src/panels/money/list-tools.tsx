import { Download, RefreshCw } from 'lucide';
import type { ComponentChildren, VNode } from 'preact';
import { figure } from '../../format/quantity.ts';
import { useWords } from '../app-context.ts';
import { Icon } from '../icon.tsx';
import { IconButton } from '../icon-button.tsx';
import { NotFetched } from '../not-fetched.tsx';
import type { Paged } from './paged.ts';

/** One choice of a filter with its name above it. */
export function Choice(props: {
  name: string;
  label: string;
  value: string;
  options: readonly (readonly [value: string, word: string])[];
  choose: (value: string) => void;
}): VNode {
  return (
    <label class="entry">
      <span>{props.label}</span>
      <select name={props.name} value={props.value} onChange={(event) => props.choose(event.currentTarget.value)}>
        {props.options.map(([value, word]) => (
          <option key={value} value={value}>
            {word}
          </option>
        ))}
      </select>
    </label>
  );
}

export function DayEntry(props: { name: string; label: string; value: string; choose: (localDay: string) => void }): VNode {
  return (
    <label class="entry">
      <span>{props.label}</span>
      <input type="date" name={props.name} value={props.value} onChange={(event) => props.choose(event.currentTarget.value)} />
    </label>
  );
}

/**
 * Filters at the left; fetch again and keep as a file at the right.
 *
 * @param props.saveCsv null: not yet, what is listed is not there; absent: what is listed is not kept as a file
 */
export function ListHead(props: { children: ComponentChildren; refresh: () => void; saveCsv?: (() => void) | null }): VNode {
  const { saveCsv } = props;
  const words = useWords();
  return (
    <div class="list-head">
      {props.children}
      <div class="list-actions">
        <IconButton icon={RefreshCw} name={words.money.refresh} onClick={props.refresh} />
        {saveCsv !== undefined && (
          <button
            type="button"
            class="button"
            data-action="csv"
            disabled={saveCsv === null}
            title={words.money.csv}
            onClick={() => saveCsv?.()}
          >
            <Icon node={Download} size={14} />
            CSV
          </button>
        )}
      </div>
    </div>
  );
}

/** Under a list: how much of it is shown, and the way to more; `none` says what is not there. */
export function ListFoot({ list, none }: { list: Paged<unknown>; none?: string }): VNode {
  const words = useWords();
  if (list.items === null) return <NotFetched state={list.state} retry={list.refresh} tall />;
  if (list.items.length === 0) return <p class="nothing">{none ?? words.money.none}</p>;
  return (
    <div class="list-foot">
      <small>{words.money.count(figure(list.items.length), list.more)}</small>
      {list.state === 'failed' && <small class="alarm-text">{words.notAvailable}</small>}
      {list.more && (
        <button type="button" class="button" data-action="more" disabled={list.state === 'loading'} onClick={list.loadMore}>
          {words.money.more}
        </button>
      )}
    </div>
  );
}
