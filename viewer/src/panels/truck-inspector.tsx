import type { TruckView } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import type { Person } from '../feed/person.ts';
import { chainage, energy, figure, power, quantity } from '../format/quantity.ts';
import { truckCondition } from '../store/condition.ts';
import { isLive, useApp, useLiveTitle, useWords } from './app-context.ts';
import { Field, Figure, SocBar, Time } from './figures.tsx';
import { GatewayChip } from './gateway-chip.tsx';
import { InspectorHead, Missing } from './inspector-head.tsx';
import { Link } from './link.tsx';
import { MachinePanel } from './machine-panel.tsx';
import { AdviseTruck } from './operations/advise-truck.tsx';
import { ReservePack } from './operations/reserve-pack.tsx';
import { actsFor, OperatorActs } from './operator-acts.tsx';
import { OrderSummaryPanel } from './order-inspector.tsx';
import { QualityFlags } from './quality-flags.tsx';
import { Section } from './section.tsx';
import { TrackSwitch } from './track-switch.tsx';

export function TruckInspector({ id }: { id: string }): VNode {
  const app = useApp();
  const { store, language, names, session } = app;
  const words = useWords();
  const liveTitle = useLiveTitle();
  const version = store.version.trucks.value + store.version.orders.value;
  const truck = version < 0 ? undefined : store.records.trucks.get(id);
  if (truck === undefined) return <Missing id={id} />;
  const order = truck.orderId === null ? undefined : store.records.orders.get(truck.orderId);
  return (
    <>
      <InspectorHead
        title={truck.plate ?? truck.id}
        subtitle={
          <>
            {truck.id}
            {truck.carrierId !== null && <> · {names.nameOf(truck.carrierId, language.chinese)}</>}
          </>
        }
        condition={truckCondition(truck)}
        state={language.codeWord(truck.vehicleState ?? truck.state)}
      >
        {truck.connectivity !== null && <GatewayChip id={id} ownerId={truck.carrierId} connectivity={truck.connectivity} />}
        {truck.state === 'blocked' && truck.vehicleState !== null && <span class="chip alarm">{language.codeWord(truck.state)}</span>}
        {truck.replayed && <span class="chip plain">{words.replayed}</span>}
      </InspectorHead>
      <OnBoard truck={truck} />
      {order !== undefined && (
        <Section title={words.section.order} name="order">
          <OrderSummaryPanel order={order} />
        </Section>
      )}
      <Section title={liveTitle} name="live">
        <TruckFields truck={truck} />
        <QualityFlags flags={truck.q} />
      </Section>
      <TrackSwitch kind="truck" />
      {!truck.replayed && actsFor(session.person, 'CARRIER', truck.carrierId) && (
        <OperatorActs kind="trucks" id={id} acts={[truck.state === 'blocked' ? 'unblock' : 'block']} />
      )}
      {isLive(app) && !truck.replayed && actsFor(session.person, 'CARRIER', truck.carrierId) && (
        <Section key={id} title={words.reserve.title} name="reserve" folded>
          <ReservePack key={id} truckId={id} />
        </Section>
      )}
      {isLive(app) && !truck.replayed && mayAdvise(session.person) && (
        <Section title={words.dispatch.advise} name="advise" folded>
          <AdviseTruck
            key={id}
            trucks={[{ truckId: id, plate: truck.plate }]}
            about={{ truckId: id, plate: truck.plate }}
            awayFromId={null}
          />
        </Section>
      )}
      <MachinePanel machine="truck" actorId={id} state={truck.state} />
    </>
  );
}

function OnBoard({ truck }: { truck: TruckView }): VNode {
  const { store } = useApp();
  const words = useWords();
  const pack = truck.packId === null || store.version.packs.value < 0 ? undefined : store.records.packs.get(truck.packId);
  return (
    <div class="card">
      <SocBar socPercent={truck.socPercent} wide />
      <div class="card-line">
        <span>{truck.packId === null ? words.unknown : <Link kind="pack" id={truck.packId} />}</span>
        <span>
          <Figure of={energy(pack?.energyWh)} />
        </span>
      </div>
    </div>
  );
}

function TruckFields({ truck }: { truck: TruckView }): VNode {
  const { language } = useApp();
  const words = useWords();
  const destination = truck.destinationStationId;
  return (
    <dl class="fields">
      <Field label={words.field.speed}>
        <Figure of={quantity(truck.speedKmh, 'km/h')} />
      </Field>
      <Field label={words.field.motorPower}>
        <Figure of={power(truck.motorPowerW)} />
      </Field>
      <Field label={words.field.chainage}>
        <span class="figure">{chainage(truck.chainageM)}</span>
      </Field>
      <Field label={words.field.direction}>{truck.direction === null ? '—' : words.direction[truck.direction]}</Field>
      <Field label={words.field.altitude}>
        <Figure of={quantity(truck.altM, 'm')} />
      </Field>
      <Field label={words.field.grossMass}>
        <Figure of={quantity(truck.grossMassKg === null ? null : truck.grossMassKg / 1000, 't', 1)} />
      </Field>
      <Field label={words.field.destination}>{destination === null ? '—' : <Link kind="station" id={destination} />}</Field>
      <Field label={words.field.odometer}>
        <Figure of={quantity(truck.odometerM === null ? null : truck.odometerM / 1000, 'km')} />
      </Field>
      <Field label={words.field.position} wide>
        <span class="figure">
          {figure(truck.lat, 5)}, {figure(truck.lon, 5)}
        </span>
      </Field>
      <Field label={words.field.state}>{language.codeWord(truck.state)}</Field>
      <Field label={words.field.reportedAt}>
        <Time at={truck.reportedAt} />
      </Field>
    </dl>
  );
}

/** A driver is advised, and an owner of packs advises nobody; whether this truck is whose it may be, the twin says. */
const mayAdvise = (person: Person | null): boolean =>
  person?.roles.some((role) => role === 'PLATFORM_OPERATOR' || role === 'STATION_OPERATOR' || role === 'CARRIER') === true;
