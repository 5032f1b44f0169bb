import type { StationView } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import { chainage, duration, figure, power, quantity } from '../format/quantity.ts';
import { stationCondition } from '../store/condition.ts';
import { useApp, useLiveTitle, useWords } from './app-context.ts';
import { BayPanel } from './bay-panel.tsx';
import { Field, Figure, Time } from './figures.tsx';
import { GatewayChip } from './gateway-chip.tsx';
import { InspectorHead, Missing } from './inspector-head.tsx';
import { MachinePanel } from './machine-panel.tsx';
import { actsFor, OperatorActs } from './operator-acts.tsx';
import { RackPanel } from './rack-panel.tsx';
import { listOrders } from './rail-lists.ts';
import { OrderRow } from './rail-rows.tsx';
import { Section } from './section.tsx';
import { StationCommands } from './station-commands.tsx';
import { StationPageLink } from './station-page-link.tsx';

const ORDERS_SHOWN = 4;

export function StationInspector({ id }: { id: string }): VNode {
  const { store, language, session } = useApp();
  const words = useWords();
  const liveTitle = useLiveTitle();
  const versions = store.version.stations.value + store.version.slots.value + store.version.orders.value;
  const station = versions < 0 ? undefined : store.records.stations.get(id);
  if (station === undefined) return <Missing id={id} />;
  const condition = stationCondition(station);
  const orders = listOrders(store.records, '').filter((order) => order.stationId === id);
  return (
    <>
      <InspectorHead
        title={language.chinese ? station.nameZh : station.name}
        subtitle={
          <>
            {station.id} · {chainage(station.chainageM)} · {words.stationDirection[station.direction]}
          </>
        }
        condition={condition === 'active' ? 'normal' : condition}
        state={language.codeWord(station.state)}
      >
        <GatewayChip id={id} ownerId={station.operatorId} connectivity={station.connectivity} />
      </InspectorHead>
      <Stock station={station} />
      <Section title={words.section.rack} name="rack">
        <RackPanel stationId={id} />
      </Section>
      {station.bays.map((bay) => (
        <Section key={bay.id} title={`${words.section.bay} ${bay.id}`} name="bay">
          <BayPanel bay={bay} />
        </Section>
      ))}
      <Section title={liveTitle} name="live">
        <StationFields station={station} />
      </Section>
      {orders.length > 0 && (
        <Section title={words.section.lastOrders} extra={figure(orders.length)} name="orders">
          <div class="inner-rows">
            {orders.slice(0, ORDERS_SHOWN).map((order) => (
              <OrderRow key={order.id} order={order} />
            ))}
          </div>
        </Section>
      )}
      {actsFor(session.person, 'STATION_OPERATOR', station.operatorId) && (
        <>
          <OperatorActs kind="stations" id={id} acts={[station.state === 'closed' ? 'open' : 'close']} />
          <StationCommands stationId={id} />
        </>
      )}
      <MachinePanel machine="station" actorId={id} state={station.state} />
    </>
  );
}

function StationFields({ station }: { station: StationView }): VNode {
  const { names, language } = useApp();
  const words = useWords();
  return (
    <dl class="fields">
      <Field label={words.field.gridPower}>
        <Figure of={power(station.gridPowerW)} />
      </Field>
      <Field label={words.field.gridLimit}>
        <Figure of={power(station.gridLimitW)} />
      </Field>
      <Field label={words.field.pvPower}>
        <Figure of={power(station.pvPowerW)} />
      </Field>
      <Field label={words.field.ambient}>
        <Figure of={quantity(station.ambientC, '°C', 1)} />
      </Field>
      <Field label={words.field.operator}>{station.operatorId === null ? '—' : names.nameOf(station.operatorId, language.chinese)}</Field>
      <Field label={words.field.lastSeen}>
        <Time at={station.lastSeenAt} />
      </Field>
    </dl>
  );
}

/** What one looks at a station for, and the way to its own page. */
function Stock({ station }: { station: StationView }): VNode {
  const words = useWords();
  return (
    <>
      <div class="tiles">
        <Tile name={words.field.ready} value={<Figure of={quantity(station.readyPacks, '')} />} />
        <Tile name={words.field.charging} value={<Figure of={quantity(station.chargingPacks, '')} />} />
        <Tile name={words.field.queue} value={<Figure of={quantity(station.queueLength, '')} />} />
        <Tile name={words.field.wait} value={<Figure of={duration(station.estWaitMs)} />} />
      </div>
      <StationPageLink key={station.id} id={station.id} operatorId={station.operatorId} />
    </>
  );
}

function Tile({ name, value }: { name: string; value: VNode }): VNode {
  return (
    <div class="tile">
      <span>{name}</span>
      <b>{value}</b>
    </div>
  );
}
