import type { VNode } from 'preact';
import { power } from '../format/quantity.ts';
import { useApp, useLiveTitle, useWords } from './app-context.ts';
import { Field, Figure, SocBar } from './figures.tsx';
import { InspectorHead, Missing } from './inspector-head.tsx';
import { Link } from './link.tsx';
import { MachinePanel } from './machine-panel.tsx';
import { actsFor, OperatorActs } from './operator-acts.tsx';
import { Section } from './section.tsx';
import { SlotAtStation } from './slot-at-station.tsx';
import { SlotCharging } from './slot-charging.tsx';
import { SlotTold } from './slot-told.tsx';

/** A slot in one of these is given no pack until a person takes it into use again. */
const OUT_OF_USE = ['setAside', 'quarantined'];

export function SlotInspector({ id }: { id: string }): VNode {
  const { store, language, session } = useApp();
  const words = useWords();
  const liveTitle = useLiveTitle();
  const slot = store.version.slots.value < 0 ? undefined : store.records.slots.get(id);
  if (slot === undefined) return <Missing id={id} />;
  const operatorId = store.version.stations.value < 0 ? null : store.records.stations.get(slot.stationId)?.operatorId;
  const isOut = OUT_OF_USE.includes(slot.state);
  // One that was set aside is unavailable because the station was told so.
  const faulty = (slot.slotState === 'UNAVAILABLE' && slot.state !== 'setAside') || slot.chargingState === 'FAULT';
  return (
    <>
      <InspectorHead
        title={words.slotNumber(String(slot.evseId))}
        subtitle={<Link kind="station" id={slot.stationId} />}
        condition={faulty ? 'alarm' : (slot.powerW ?? 0) > 500 ? 'active' : 'normal'}
        state={language.codeWord(slot.state)}
      />
      <div class="card">
        {slot.packId === null ? <p class="nothing">{words.empty}</p> : <SocBar socPercent={slot.socPercent} wide />}
        <div class="card-line">
          <span>{slot.packId === null ? words.unknown : <Link kind="pack" id={slot.packId} />}</span>
          <Figure of={power(slot.powerW)} />
        </div>
      </div>
      <Section title={liveTitle} name="live">
        <dl class="fields">
          <Field label={words.field.slot}>{slot.slotState === null ? '—' : language.codeWord(slot.slotState)}</Field>
          <Field label={words.field.chargingState}>{slot.chargingState === null ? '—' : language.codeWord(slot.chargingState)}</Field>
          <Field label={words.field.reservedFor} wide>
            {slot.reservedFor ?? '—'}
          </Field>
        </dl>
      </Section>
      {actsFor(session.person, 'STATION_OPERATOR', operatorId) && (
        <>
          <OperatorActs kind="slots" id={id} acts={[isOut ? 'return' : 'set-aside']} />
          <SlotTold slot={slot} />
          <SlotCharging slot={slot} />
          <SlotAtStation slot={slot} />
        </>
      )}
      <MachinePanel machine="slot" actorId={id} state={slot.state} />
    </>
  );
}
