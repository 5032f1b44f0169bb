import type { AlarmView } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import { figure } from '../../format/quantity.ts';
import { type AlarmGroup, firstOut, groupAlarms } from '../../store/alarm-flood.ts';
import { isAside, isOpen, isTold } from '../../store/condition.ts';
import { oneOf } from '../../store/place-query.ts';
import { useApp, useWords } from '../app-context.ts';
import { Chip } from '../figures.tsx';
import { useHeldOrder } from '../held-order.ts';
import { Choice } from '../money/list-tools.tsx';
import { listAlarms } from '../rail-lists.ts';
import { Section } from '../section.tsx';
import { PlaceNotice, usePlace } from '../use-place.tsx';
import { AlarmTable } from './alarm-table.tsx';
import { FirstOutMark } from './first-out-mark.tsx';

const PLACE = { grouping: oneOf(['auto', 'grouped', 'single'], 'auto') };

/** All alarms that stand: those that are told, grouped while there are too many to look at each; and those that are put aside. */
export function StandingAlarms(): VNode {
  const { store, alarmFlood } = useApp();
  const words = useWords();
  const place = usePlace(PLACE);
  const { grouping } = place.asked;
  const held = useHeldOrder('standing');
  const standing = store.version.alarms.value < 0 ? [] : listAlarms(store.records, '').filter(isOpen);
  const told = standing.filter(isTold);
  const aside = standing.filter(isAside);
  const lately = store.kpis.value?.alarmsRaisedLately ?? null;
  const isGrouped = grouping === 'grouped' || (grouping === 'auto' && alarmFlood.value);
  const first = firstOut(told);
  return (
    <>
      <section class="money-part" data-part="alarms">
        <div class="list-head">
          <Choice
            name="grouping"
            label={words.operations.grouping}
            value={grouping}
            options={Object.entries(words.operations.groupingAs)}
            choose={(chosen) => place.narrow({ grouping: chosen })}
          />
          {lately !== null && (
            <p class={alarmFlood.value ? 'flood-text' : 'muted'} role="status" data-flood={alarmFlood.value}>
              {alarmFlood.value ? words.operations.flood(figure(lately)) : words.operations.noFlood(figure(lately))}
            </p>
          )}
        </div>
        <PlaceNotice wrong={place.wrong} />
        {told.length === 0 && <p class="nothing">{words.noOpenAlarms}</p>}
        <div {...held.pointer}>
          {isGrouped ? (
            held.hold(groupAlarms(told)).map((group) => <Group key={group.id} group={group} first={first} />)
          ) : (
            <AlarmTable alarms={held.hold(told)} first={first} />
          )}
        </div>
      </section>
      <section class="money-part" data-part="aside">
        <h2>
          {words.operations.aside(figure(aside.length))}
          <small>{words.operations.asideHint}</small>
        </h2>
        {aside.length === 0 ? <p class="nothing">{words.operations.noAside}</p> : <AlarmTable alarms={aside} first={null} />}
      </section>
    </>
  );
}

/** One cause at one place, with what is behind it. */
function Group({ group, first }: { group: AlarmGroup; first: AlarmView | null }): VNode {
  const { language } = useApp();
  const words = useWords();
  const holdsFirst = first !== null && group.alarms.some(({ id }) => id === first.id);
  return (
    <div class="alarm-group" data-group={group.id}>
      <Section
        title={`${group.stationId ?? group.alarms[0]?.scopeId ?? ''} · ${language.codeWord(group.code)}`}
        name="alarm-group"
        folded
        extra={
          <>
            {holdsFirst && <FirstOutMark />}
            <Chip condition={group.level >= 2 ? 'alarm' : 'wait'}>{words.operations.priority[group.level] ?? group.level}</Chip>
            <b class="figure">{words.operations.times(figure(group.alarms.length))}</b>
          </>
        }
      >
        <AlarmTable alarms={group.alarms} first={first} />
      </Section>
    </div>
  );
}
