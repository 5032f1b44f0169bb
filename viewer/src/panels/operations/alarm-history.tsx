import type { AlarmView } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { saveCsv } from '../../format/csv.ts';
import { duration } from '../../format/quantity.ts';
import { dayAndTime, instantOfDay } from '../../format/time.ts';
import { alarmText } from '../../i18n/alarm-text.ts';
import { useApp, useWords } from '../app-context.ts';
import { Figure } from '../figures.tsx';
import { FoldRow } from '../money/fold-row.tsx';
import { ListTable } from '../money/list-table.tsx';
import { Choice, DayEntry, ListFoot, ListHead } from '../money/list-tools.tsx';
import { usePaged } from '../money/paged.ts';
import { AlarmCells, AlarmInside } from './alarm-table.tsx';

const COLUMNS = 5;
const LEVELS = ['3', '2', '1'];

/** Every alarm that was raised, each time that it was. */
export function AlarmHistory(): VNode {
  const { alarmApi, store } = useApp();
  const words = useWords();
  const [asked, setAsked] = useState({ from: '', until: '', level: '', stationId: '', code: '' });
  const narrow = (part: Partial<typeof asked>): void => setAsked({ ...asked, ...part });
  const filter = {
    from: instantOfDay(asked.from),
    until: instantOfDay(asked.until, 1),
    level: asked.level,
    stationId: asked.stationId,
    code: asked.code.trim().toUpperCase(),
  };
  const list = usePaged(JSON.stringify(filter), (cursor) => alarmApi.history(filter, cursor));
  const { items } = list;
  const stations = store.version.stations.value < 0 ? [] : [...store.records.stations.keys()];
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
          value={asked.stationId}
          options={[['', words.operations.all], ...stations.map((id) => [id, id] as const)]}
          choose={(stationId) => narrow({ stationId })}
        />
        <CodeChoice value={asked.code} choose={(code) => narrow({ code })} />
      </ListHead>
      <ListTable
        list={list}
        columns={[
          { word: words.operations.alarm },
          { word: words.operations.priorityHead },
          { word: words.operations.where, look: 'aside' },
          { word: words.operations.state },
          { word: words.operations.lasted, look: 'amount aside' },
        ]}
        row={(alarm) => <HistoryRow key={`${alarm.id}/${alarm.raisedAt}`} alarm={alarm} acted={list.refresh} />}
      />
      <ListFoot list={list} none={words.operations.noHistory} />
    </section>
  );
}

/** Codes that the words know: typing one by hand is for nobody. */
function CodeChoice({ value, choose }: { value: string; choose: (code: string) => void }): VNode {
  const { language } = useApp();
  const words = useWords();
  const codes = [...Object.keys(words.alarmAction.of), ...Object.keys(words.alarmAction.stationFault)];
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

function HistoryRow({ alarm, acted }: { alarm: AlarmView; acted: () => void }): VNode {
  const { language } = useApp();
  const endedAt = alarm.clearedAt ?? alarm.closedAt;
  return (
    <FoldRow
      name="alarm"
      id={alarm.id}
      head={<b>{language.codeWord(alarm.code)}</b>}
      below={alarmText(alarm, language)}
      columns={COLUMNS}
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
      at(alarm.clearedAt),
      at(alarm.closedAt),
      at(alarm.acknowledgedAt),
      alarm.acknowledgedBy ?? '',
      alarm.detail,
    ]),
  ];
}
