import { Download } from 'lucide';
import { type EquipmentKind, type EquipmentRow, PRESENCES } from '@corridor/protocols/http/equipment';
import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { saveCsv } from '../../format/csv.ts';
import { figure } from '../../format/quantity.ts';
import { useApp, useWords } from '../app-context.ts';
import { Icon } from '../icon.tsx';
import { Choice } from '../money/list-tools.tsx';
import { NotFetched } from '../not-fetched.tsx';
import { EquipmentDetail } from './equipment-detail.tsx';
import { columnsOf, csvRows, inOrderOf, type Sieve, type Sorting, sieved, sorted } from './equipment-columns.ts';
import { EquipmentTable } from './equipment-table.tsx';
import { usePolled } from '../polled.ts';

const EVERY_MS = 3_000;
const NOTHING_SIEVED: Sieve = { text: '', presence: '', flaggedOnly: false };

/** Equipment of a kind with its last reports; what is opened beside it. */
export function EquipmentPart({ kind }: { kind: EquipmentKind }): VNode {
  const { dataApi, names, language } = useApp();
  const words = useWords();
  const [sieve, setSieve] = useState(NOTHING_SIEVED);
  const [sorting, setSorting] = useState<Sorting>({ column: 'id', descending: false });
  const [openedId, setOpenedId] = useState<string | null>(null);
  const held = useRef(false);
  const order = useRef<readonly string[]>([]);
  const polled = usePolled(kind, () => dataApi.equipment(kind), EVERY_MS);
  const list = polled.value;
  if (list === null) {
    return (
      <section class="money-part" data-part="equipment">
        <NotFetched state={polled.failed ? 'failed' : 'loading'} retry={polled.again} tall />
      </section>
    );
  }
  const wanted = sorted(
    sieved(list.items, sieve, (id) => names.nameOf(id, language.chinese)),
    sorting,
  );
  const rows = held.current ? inOrderOf(wanted, order.current) : wanted;
  order.current = rows.map(({ id }) => id);
  const opened = list.items.find(({ id }) => id === openedId);
  const isAsked = sieve.text !== '' || sieve.presence !== '' || sieve.flaggedOnly;
  return (
    <section class={opened === undefined ? 'data-part' : 'data-part opened'} data-part="equipment">
      <div class="data-list">
        <Tools sieve={sieve} setSieve={setSieve} rows={rows} kind={kind} />
        <p class="data-count" role="status">
          {words.data.count(figure(rows.length), figure(list.items.length))}
          {polled.failed && <span class="alarm-text"> {words.data.old}</span>}
        </p>
        {rows.length === 0 ? (
          <p class="nothing">{isAsked ? words.data.noneFound : words.data.none}</p>
        ) : (
          <EquipmentTable
            rows={rows}
            columns={columnsOf(kind)}
            sorting={sorting}
            sortBy={(column) => {
              // Whoever sorts wants it to move.
              order.current = [];
              held.current = false;
              setSorting({ column, descending: sorting.column === column && !sorting.descending });
            }}
            openedId={openedId}
            open={(id) => setOpenedId(id === openedId ? null : id)}
            setHeld={(isHeld) => {
              held.current = isHeld;
            }}
            label={words.data.tab[kind]}
          />
        )}
      </div>
      {opened !== undefined && <EquipmentDetail key={opened.id} row={opened} scopeAt={list.scopeAt} close={() => setOpenedId(null)} />}
    </section>
  );
}

function Tools({
  sieve,
  setSieve,
  rows,
  kind,
}: {
  sieve: Sieve;
  setSieve: (sieve: Sieve) => void;
  rows: readonly EquipmentRow[];
  kind: EquipmentKind;
}): VNode {
  const words = useWords();
  return (
    <div class="list-head">
      <label class="entry">
        <span>{words.data.search}</span>
        <input
          type="search"
          name="data-search"
          value={sieve.text}
          placeholder={words.data.searchHint}
          onInput={(event) => setSieve({ ...sieve, text: event.currentTarget.value })}
        />
      </label>
      <Choice
        name="data-presence"
        label={words.data.column.presence}
        value={sieve.presence}
        choose={(presence) => setSieve({ ...sieve, presence })}
        options={[['', words.data.anyPresence], ...PRESENCES.map((one) => [one, words.data.presence[one]] as const)]}
      />
      <label class="data-check">
        <input
          type="checkbox"
          name="data-flagged"
          checked={sieve.flaggedOnly}
          onChange={(event) => setSieve({ ...sieve, flaggedOnly: event.currentTarget.checked })}
        />
        <span>{words.data.flaggedOnly}</span>
      </label>
      <div class="list-actions">
        <button
          type="button"
          class="button"
          data-action="csv"
          disabled={rows.length === 0}
          title={words.money.csv}
          onClick={() => saveCsv(`${kind}.csv`, csvRows(rows))}
        >
          <Icon node={Download} size={14} />
          CSV
        </button>
      </div>
    </div>
  );
}
