import type { AlarmView } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import { alarmText, isInOwnWords } from '../../i18n/alarm-text.ts';
import { alarmCondition } from '../../store/condition.ts';
import { SELECTABLE } from '../../store/selection.ts';
import { AlarmActs } from '../alarm-acts.tsx';
import { AlarmStanding } from '../alarm-standing.tsx';
import { useApp, useWords } from '../app-context.ts';
import { Chip, DayTime } from '../figures.tsx';
import { Link } from '../link.tsx';
import { TableHead } from '../money/data-table.tsx';
import { FoldRow, type KeptFold } from '../money/fold-row.tsx';
import { Person } from '../person.tsx';
import { AbnormalOrderOf } from './abnormal-order-of.tsx';
import { FirstOutMark } from './first-out-mark.tsx';

const COLUMNS = 4;

interface AlarmTableProps {
  alarms: readonly AlarmView[];
  first: AlarmView | null;
  /** Where the address keeps which are opened. */
  keptOf: (id: string) => KeptFold;
}

/** Alarms in rows; behind each what it says, what has to be done, and what one may do. */
export function AlarmTable({ alarms, first, keptOf }: AlarmTableProps): VNode | null {
  const words = useWords();
  if (alarms.length === 0) return null;
  return (
    <table class="money-table alarm-table">
      <TableHead
        columns={[
          { word: words.operations.alarm },
          { word: words.operations.priorityHead },
          { word: words.operations.where, look: 'aside' },
          { word: words.operations.state },
        ]}
      />
      <tbody>
        {alarms.map((alarm) => (
          <AlarmRow key={`${alarm.id}/${alarm.raisedAt}`} alarm={alarm} isFirst={first?.id === alarm.id} kept={keptOf(alarm.id)} />
        ))}
      </tbody>
    </table>
  );
}

function AlarmRow({ alarm, isFirst, kept }: { alarm: AlarmView; isFirst: boolean; kept: KeptFold }): VNode {
  const { language } = useApp();
  return (
    <FoldRow
      name="alarm"
      id={alarm.id}
      kept={kept}
      head={
        <>
          <b>{language.codeWord(alarm.code)}</b> {isFirst && <FirstOutMark />}
        </>
      }
      below={alarmText(alarm, language)}
      columns={COLUMNS}
      cells={<AlarmCells alarm={alarm} />}
      inside={() => <AlarmInside alarm={alarm} acted={null} />}
    />
  );
}

/** Priority, place and state, with who has seen it: of what stands and of what is over alike. */
export function AlarmCells({ alarm }: { alarm: AlarmView }): VNode {
  const words = useWords();
  return (
    <>
      <td>
        <Chip condition={alarmCondition(alarm)}>{words.operations.priority[alarm.level] ?? alarm.level}</Chip>
      </td>
      <td class="aside">
        <Scope alarm={alarm} />
      </td>
      <td>
        <span data-alarm-state={alarm.state}>{words.alarm.state[alarm.state]}</span>
        <small class="under">
          <DayTime at={alarm.raisedAt} />
        </small>
        {alarm.escalatedAt !== null && (
          <small class="under">
            {words.alarm.escalated} <DayTime at={alarm.escalatedAt} />
          </small>
        )}
        {alarm.acknowledgedBy !== null && (
          <small class="under">
            <Person id={alarm.acknowledgedBy} />
          </small>
        )}
      </td>
    </>
  );
}

export function Scope({ alarm: { scope, scopeId } }: { alarm: Pick<AlarmView, 'scope' | 'scopeId'> }): VNode {
  const kind = SELECTABLE.find((known) => known === scope);
  return kind === undefined ? <>{scopeId}</> : <Link kind={kind} id={scopeId} />;
}

export function AlarmInside({ alarm, acted }: { alarm: AlarmView; acted: (() => void) | null }): VNode {
  const words = useWords();
  return (
    <>
      {isInOwnWords(alarm) && (
        <p class="prose">
          <b>{words.alarm.reported}</b> {alarm.detail}
        </p>
      )}
      <AlarmStanding alarm={alarm} />
      <AlarmActs alarm={alarm} acted={acted} />
      {alarm.scope === 'order' && alarm.clearedAt === null && <AbnormalOrderOf orderId={alarm.scopeId} />}
      <Link kind="alarm" id={alarm.id}>
        {words.flyTo}
      </Link>
    </>
  );
}
