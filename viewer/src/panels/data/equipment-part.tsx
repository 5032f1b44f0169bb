import { EQUIPMENT_COLUMNS, type EquipmentKind, PRESENCES } from '@corridor/protocols/http/equipment';
import { Download } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { EquipmentAsked } from '../../feed/data-api.ts';
import { saveCsv } from '../../format/csv.ts';
import { figure } from '../../format/quantity.ts';
import { anyText, flag, LONGEST, oneOf } from '../../store/place-query.ts';
import { useApp, useWords } from '../app-context.ts';
import { Icon } from '../icon.tsx';
import { Choice } from '../money/list-tools.tsx';
import { NotFetched } from '../not-fetched.tsx';
import { useInstant } from '../past/instant.ts';
import { PlaceNotice, usePlace } from '../use-place.tsx';
import { columnsOf, csvRows } from './equipment-columns.ts';
import { EquipmentDetail } from './equipment-detail.tsx';
import { EquipmentReader } from './equipment-reader.ts';
import { EquipmentTable } from './equipment-table.tsx';

const PLACE = {
  text: anyText,
  presence: oneOf(['', ...PRESENCES], ''),
  flagged: flag,
  desc: flag,
  open: anyText,
};

/** Equipment of a kind with its last reports; what is opened beside it. */
export function EquipmentPart({ kind }: { kind: EquipmentKind }): VNode {
  const { dataApi } = useApp();
  const words = useWords();
  const place = usePlace({ ...PLACE, sort: oneOf(columnsOf(kind), 'id') });
  const { text, presence, flagged, sort: sortedBy, desc } = place.asked;
  const at = useInstant();
  const asked = useMemo((): EquipmentAsked => {
    const sort = EQUIPMENT_COLUMNS.find((each) => each === sortedBy) ?? 'id';
    return { kind, text, presence, flaggedOnly: flagged === '1', sort, descending: desc === '1', at };
  }, [kind, text, presence, flagged, sortedBy, desc, at]);
  const openedId = place.asked.open === '' ? null : place.asked.open;
  const reader = useMemo(() => new EquipmentReader(dataApi), [dataApi, kind]);
  useEffect(() => reader.ask(asked, openedId), [reader, asked]);
  useEffect(() => reader.open(openedId), [reader, openedId]);
  useEffect(() => () => reader.close(), [reader]);
  const ask = ({ flaggedOnly, descending, ...part }: Partial<Omit<EquipmentAsked, 'kind' | 'at'>>): void =>
    place.narrow({
      ...part,
      ...(flaggedOnly === undefined ? {} : { flagged: flaggedOnly ? '1' : '' }),
      ...(descending === undefined ? {} : { desc: descending ? '1' : '' }),
    });
  const open = (id: string | null): void => place.narrow({ open: id ?? '' });
  const list = reader.list.value;
  const opened = reader.opened.value;
  if (list === null) {
    return (
      <section class="money-part" data-part="equipment">
        <NotFetched state={reader.failed.value ? 'failed' : 'loading'} retry={() => reader.again()} tall />
      </section>
    );
  }
  const isNarrowed = asked.text !== '' || asked.presence !== '' || asked.flaggedOnly;
  return (
    <section class={opened === null ? 'data-part' : 'data-part opened'} data-part="equipment">
      <div class="data-list">
        <Tools asked={asked} ask={ask} reader={reader} isEmpty={list.found === 0} />
        <PlaceNotice wrong={[...place.wrong, ...(reader.missing.value ? [`open=${openedId}`] : [])]} />
        <p class="data-count" role="status">
          {words.data.count(figure(list.found), figure(list.total))}
          {reader.failed.value && <span class="alarm-text"> {words.data.old}</span>}
        </p>
        {list.items.length === 0 ? (
          <p class="nothing">{isNarrowed ? words.data.noneFound : words.data.none}</p>
        ) : (
          <EquipmentTable
            rows={list.items}
            found={list.found}
            columns={columnsOf(kind)}
            asked={asked}
            sortBy={(sort) => ask({ sort, descending: asked.sort === sort && !asked.descending })}
            openedId={openedId}
            open={(id) => open(id === openedId ? null : id)}
            setHeld={(isHeld) => reader.hold(isHeld)}
            onSeen={(seen) => reader.see(seen)}
            label={words.data.tab[kind]}
          />
        )}
      </div>
      {opened !== null && <EquipmentDetail key={opened.id} row={opened} scopeAt={list.scopeAt} close={() => open(null)} />}
    </section>
  );
}

function Tools({
  asked,
  ask,
  reader,
  isEmpty,
}: {
  asked: EquipmentAsked;
  ask: (part: Partial<Omit<EquipmentAsked, 'kind' | 'at'>>) => void;
  reader: EquipmentReader;
  isEmpty: boolean;
}): VNode {
  const words = useWords();
  const [saving, setSaving] = useState<'saving' | 'failed' | null>(null);
  const save = async (): Promise<void> => {
    setSaving('saving');
    try {
      saveCsv(`${asked.kind}.csv`, csvRows(await reader.whole()));
      setSaving(null);
    } catch {
      // The client has dealt with a lost session; here it is said that there is no file.
      setSaving('failed');
    }
  };
  return (
    <div class="list-head">
      <label class="entry">
        <span>{words.data.search}</span>
        <input
          type="search"
          maxLength={LONGEST}
          name="data-search"
          value={asked.text}
          placeholder={words.data.searchHint}
          onInput={(event) => ask({ text: event.currentTarget.value })}
        />
      </label>
      <Choice
        name="data-presence"
        label={words.data.column.presence}
        value={asked.presence}
        choose={(presence) => ask({ presence })}
        options={[['', words.data.anyPresence], ...PRESENCES.map((one) => [one, words.data.presence[one]] as const)]}
      />
      <label class="data-check">
        <input
          type="checkbox"
          name="data-flagged"
          checked={asked.flaggedOnly}
          onChange={(event) => ask({ flaggedOnly: event.currentTarget.checked })}
        />
        <span>{words.data.flaggedOnly}</span>
      </label>
      <div class="list-actions">
        {saving === 'failed' && <span class="alarm-text">{words.notAvailable}</span>}
        <button
          type="button"
          class="button"
          data-action="csv"
          disabled={isEmpty || saving === 'saving'}
          title={words.money.csv}
          onClick={() => void save()}
        >
          <Icon node={Download} size={14} />
          CSV
        </button>
      </div>
    </div>
  );
}
