import type { AlarmView } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { figure } from '../../format/quantity.ts';
import { type AlarmGroup, firstOut, groupAlarms } from '../../store/alarm-flood.ts';
import { isAside, isOpen, isTold } from '../../store/condition.ts';
import { oneOf, openedRows } from '../../store/place-query.ts';
import { useApp, useWords } from '../app-context.ts';
import { Chip } from '../figures.tsx';
import { useHeldOrder } from '../held-order.ts';
import type { KeptFold } from '../money/fold-row.tsx';
import { Choice } from '../money/list-tools.tsx';
import { listAlarms } from '../rail-lists.ts';
import { Section } from '../section.tsx';
import { missingRows, openedIn, PlaceNotice, usePlace } from '../use-place.tsx';
import { AlarmTable } from './alarm-table.tsx';
import { FirstOutMark } from './first-out-mark.tsx';

const PLACE = { grouping: oneOf(['auto', 'grouped', 'single'], 'auto'), open: openedRows };

/** All alarms that stand: those that are told, grouped while there are too many to look at each; and those that are put aside. */
export function StandingAlarms(): VNode {
  const { store, alarmFlood } = useApp();
  const words = useWords();
  const place = usePlace(PLACE);
  const { grouping, open } = place.asked;
  const keptOf = openedIn(place);
  const held = useHeldOrder('standing');
  const standing = store.version.alarms.value < 0 ? [] : listAlarms(store.records, '').filter(isOpen);
  // One that was opened here and is over meanwhile is not missing.
  const seen = useRef(new Set<string>());
  for (const { id } of standing) seen.current.add(id);
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
        <PlaceNotice wrong={[...place.wrong, ...missingRows(open, store.loaded.value ? [...seen.current] : null)]} />
        {told.length === 0 && <p class="nothing">{words.noOpenAlarms}</p>}
        <div {...held.pointer}>
          {isGrouped ? (
            held.hold(groupAlarms(told)).map((group) => <Group key={group.id} group={group} first={first} keptOf={keptOf} />)
          ) : (
            <AlarmTable alarms={held.hold(told)} first={first} keptOf={keptOf} />
          )}
        </div>
      </section>
      <section class="money-part" data-part="aside">
        <h2>
          {words.operations.aside(figure(aside.length))}
          <small>{words.operations.asideHint}</small>
        </h2>
        {aside.length === 0 ? (
          <p class="nothing">{words.operations.noAside}</p>
        ) : (
          <AlarmTable alarms={aside} first={null} keptOf={keptOf} />
        )}
      </section>
    </>
  );
}

/** One cause at one place, with what is behind it. */
function Group({ group, first, keptOf }: { group: AlarmGroup; first: AlarmView | null; keptOf: (id: string) => KeptFold }): VNode {
  const { language } = useApp();
  const words = useWords();
  const holdsFirst = first !== null && group.alarms.some(({ id }) => id === first.id);
  return (
    <div class="alarm-group" data-group={group.id}>
      <Section
        title={`${group.stationId ?? group.alarms[0]?.scopeId ?? ''} · ${language.codeWord(group.code)}`}
        name="alarm-group"
        folded={group.alarms.every(({ id }) => !keptOf(id).open)}
        extra={
          <>
            {holdsFirst && <FirstOutMark />}
            <Chip condition={group.level >= 2 ? 'alarm' : 'wait'}>{words.operations.priority[group.level] ?? group.level}</Chip>
            <b class="figure">{words.operations.times(figure(group.alarms.length))}</b>
          </>
        }
      >
        <AlarmTable alarms={group.alarms} first={first} keptOf={keptOf} />
      </Section>
    </div>
  );
}
