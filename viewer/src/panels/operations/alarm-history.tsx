import type { AlarmView } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import { saveCsv } from '../../format/csv.ts';
import { duration } from '../../format/quantity.ts';
import { dayAndTime, instantOfDay } from '../../format/time.ts';
import { alarmText } from '../../i18n/alarm-text.ts';
import { anyText, localDay, oneOf, openedRows } from '../../store/place-query.ts';
import { useApp, useWords } from '../app-context.ts';
import { Figure } from '../figures.tsx';
import { FoldRow, type KeptFold } from '../money/fold-row.tsx';
import { ListTable } from '../money/list-table.tsx';
import { Choice, DayEntry, ListFoot, ListHead } from '../money/list-tools.tsx';
import { usePaged } from '../money/paged.ts';
import { openedIn, PagedNotice, usePlace } from '../use-place.tsx';
import { AlarmCells, AlarmInside } from './alarm-table.tsx';

const COLUMNS = 5;
const LEVELS = ['3', '2', '1'];
const keyOf = ({ id, raisedAt }: AlarmView): string => `${id}/${raisedAt}`;

/** Every alarm that was raised, each time that it was. */
export function AlarmHistory(): VNode {
  const { alarmApi, store } = useApp();
  const words = useWords();
  const place = usePlace({
    from: localDay,
    until: localDay,
    level: oneOf(['', ...LEVELS], ''),
    station: anyText,
    code: oneOf(['', ...codesKnown(words)], ''),
    open: openedRows,
  });
  const { asked, narrow } = place;
  const keptOf = openedIn(place);
  const filter = {
    from: instantOfDay(asked.from),
    until: instantOfDay(asked.until, 1),
    level: asked.level,
    stationId: asked.station,
    code: asked.code,
  };
  const list = usePaged(JSON.stringify(filter), (cursor) => alarmApi.history(filter, cursor));
  const { items } = list;
  const stations = store.version.stations.value < 0 ? [] : [...store.records.stations.keys()];
  const isStrange = asked.station !== '' && stations.length > 0 && !stations.includes(asked.station);
  const wrongIn = isStrange ? [...place.wrong, `station=${asked.station}`] : place.wrong;
  return (
    <section class="money-part" data-part="alarm-history">
      <ListHead refresh={list.refresh} saveCsv={items === null ? null : () => saveCsv('alarms.csv', csvRows(items))}>
        <DayEntry name="from" label={words.operations.from} value={asked.from} choose={(from) => narrow({ from })} />
        <DayEntry name="until" label={words.operations.until} value={asked.until} choose={(until) => narrow({ until })} />
        <Choice
          name="level"
          label={words.operations.priorityHead}
          value={asked.level}
          options={[
            ['', words.operations.all],
            ...LEVELS.map((level) => [level, words.operations.priority[Number(level)] ?? level] as const),
          ]}
          choose={(level) => narrow({ level })}
        />
        <Choice
          name="station"
          label={words.operations.station}
          value={asked.station}
          options={[['', words.operations.all], ...stations.map((id) => [id, id] as const)]}
          choose={(station) => narrow({ station })}
        />
        <CodeChoice value={asked.code} choose={(code) => narrow({ code })} />
      </ListHead>
      <PagedNotice wrong={wrongIn} open={asked.open} list={list} keyOf={keyOf} />
      <ListTable
        list={list}
        columns={[
          { word: words.operations.alarm },
          { word: words.operations.priorityHead },
          { word: words.operations.where, look: 'aside' },
          { word: words.operations.state },
          { word: words.operations.lasted, look: 'amount aside' },
        ]}
        row={(alarm) => <HistoryRow key={keyOf(alarm)} alarm={alarm} kept={keptOf(keyOf(alarm))} acted={list.refresh} />}
      />
      <ListFoot list={list} none={words.operations.noHistory} />
    </section>
  );
}

const codesKnown = ({ alarmAction }: ReturnType<typeof useWords>): string[] => [
  ...Object.keys(alarmAction.of),
  ...Object.keys(alarmAction.stationFault),
];

/** Codes that the words know: typing one by hand is for nobody. */
function CodeChoice({ value, choose }: { value: string; choose: (code: string) => void }): VNode {
  const { language } = useApp();
  const words = useWords();
  const codes = codesKnown(words);
  return (
    <Choice
      name="code"
      label={words.operations.cause}
      value={value}
      options={[['', words.operations.all], ...codes.map((code) => [code, language.codeWord(code)] as const)]}
      choose={choose}
    />
  );
}

function HistoryRow({ alarm, kept, acted }: { alarm: AlarmView; kept: KeptFold; acted: () => void }): VNode {
  const { language } = useApp();
  const endedAt = alarm.clearedAt ?? alarm.closedAt;
  return (
    <FoldRow
      name="alarm"
      id={alarm.id}
      head={<b>{language.codeWord(alarm.code)}</b>}
      below={alarmText(alarm, language)}
      columns={COLUMNS}
      kept={kept}
      cells={
        <>
          <AlarmCells alarm={alarm} />
          <td class="amount aside">
            {endedAt === null ? '—' : <Figure of={duration(Date.parse(endedAt) - Date.parse(alarm.raisedAt))} />}
          </td>
        </>
      }
      inside={() => <AlarmInside alarm={alarm} acted={acted} />}
    />
  );
}

function csvRows(items: readonly AlarmView[]): string[][] {
  const at = (time: string | null): string => (time === null ? '' : dayAndTime(time));
  return [
    [
      'alarm',
      'code',
      'level',
      'scope',
      'scope_id',
      'station',
      'state',
      'raised',
      'escalated',
      'cleared',
      'closed',
      'acknowledged',
      'acknowledged_by',
      'detail',
    ],
    ...items.map((alarm) => [
      alarm.id,
      alarm.code,
      String(alarm.level),
      alarm.scope,
      alarm.scopeId,
      alarm.stationId ?? '',
      alarm.state,
      at(alarm.raisedAt),
      at(alarm.escalatedAt),
      at(alarm.clearedAt),
      at(alarm.closedAt),
      at(alarm.acknowledgedAt),
      alarm.acknowledgedBy ?? '',
      alarm.detail,
    ]),
  ];
}
