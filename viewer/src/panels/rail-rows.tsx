import type { AlarmView, OrderSummary, PackView, SlotView, StationView, TruckView } from '@corridor/protocols/http/scene';
import { useComputed } from '@preact/signals';
import type { ComponentChildren, VNode } from 'preact';
import { yuan } from '../format/money.ts';
import { chainage, figure, percent } from '../format/quantity.ts';
import { alarmText } from '../i18n/alarm-text.ts';
import { cssColour, socColour } from '../scene/soc-ramp.ts';
import type { BayOfStation } from '../store/bays.ts';
import {
  alarmCondition,
  bayCondition,
  type Condition,
  isAside,
  orderCondition,
  stationCondition,
  truckCondition,
} from '../store/condition.ts';
import type { Selected } from '../store/selection.ts';
import { sameSelection } from '../store/selection.ts';
import { useApp, useWords } from './app-context.ts';
import { Dot, Figure, SocBar, Time } from './figures.tsx';
import { show } from './show.ts';

/** A row of the rail: two lines at the left, a value at the right. */
function Row(props: {
  selects: Selected;
  condition: Condition;
  title: ComponentChildren;
  detail: ComponentChildren;
  value: ComponentChildren;
  state: string;
}): VNode {
  const app = useApp();
  const { selection } = app;
  const { kind, id } = props.selects;
  // Computed, so that of all rows only those are drawn anew that begin or end to be it.
  const current = useComputed(() => sameSelection(selection.current.value, { kind, id })).value;
  const hovered = useComputed(() => sameSelection(selection.hovered.value, { kind, id })).value;
  return (
    <button
      type="button"
      class={`row${current ? ' current' : ''}${hovered ? ' hovered' : ''}`}
      aria-current={current ? 'true' : undefined}
      data-select={`${props.selects.kind}/${props.selects.id}`}
      onClick={() => show(app, props.selects)}
      onPointerEnter={() => {
        selection.hovered.value = props.selects;
      }}
      onPointerLeave={() => {
        selection.hovered.value = null;
      }}
    >
      <Dot condition={props.condition} label={props.state} />
      <span class="row-text">
        <span class="row-title">{props.title}</span>
        <span class="row-detail">{props.detail}</span>
      </span>
      <span class="row-value">{props.value}</span>
    </button>
  );
}

/** More slots than this stand closer, and of very many one sees what part is what, not each: the name beside them needs its room. */
const RACK_CLOSE = 10;
const RACK_DENSE = 30;
const rackClass = ({ length }: { length: number }): string =>
  length > RACK_DENSE ? 'rack-strip close dense' : length > RACK_CLOSE ? 'rack-strip close' : 'rack-strip';

/** The rack in small: one cell per slot in the colour of its pack's charge, hollow when empty. */
export function RackStrip({ slots }: { slots: readonly SlotView[] }): VNode {
  return (
    <span class={rackClass(slots)} aria-hidden="true">
      {slots.map((slot) => (
        <i
          key={slot.id}
          class={slot.packId === null ? 'empty' : (slot.powerW ?? 0) > 500 ? 'charging' : ''}
          style={slot.packId === null ? undefined : { background: cssColour(socColour(slot.socPercent)) }}
        />
      ))}
    </span>
  );
}

export function StationRow({ station }: { station: StationView }): VNode {
  const { language, store } = useApp();
  const words = useWords();
  const slots = store.slotsAt(station.id);
  const queue = station.queueLength ?? 0;
  return (
    <Row
      selects={{ kind: 'station', id: station.id }}
      condition={stationCondition(station)}
      state={station.connectivity === 'ONLINE' ? language.codeWord(station.state) : words.connectivity[station.connectivity]}
      title={
        <>
          <b>{station.id}</b> {language.chinese ? station.nameZh : station.name}
        </>
      }
      detail={
        <>
          {chainage(station.chainageM)}
          {queue > 0 && (
            <em class="wait-text">
              {words.field.queue} {figure(queue)}
            </em>
          )}
        </>
      }
      value={
        <>
          <RackStrip slots={slots} />
          <small>{words.readyOf(figure(station.readyPacks))}</small>
        </>
      }
    />
  );
}

export function BayRow({ bay, station }: BayOfStation): VNode {
  const { language, store } = useApp();
  const state = language.codeWord(bay.bayState ?? bay.state);
  const plate = bay.truckId === null ? null : (store.records.trucks.get(bay.truckId)?.plate ?? bay.truckId);
  return (
    <Row
      selects={{ kind: 'bay', id: bay.id }}
      condition={bayCondition(bay)}
      state={state}
      title={
        <>
          <b>{bay.id}</b> {language.chinese ? station.nameZh : station.name}
        </>
      }
      detail={bay.step === null ? state : `${state} · ${language.codeWord(bay.step)}`}
      value={<small>{plate}</small>}
    />
  );
}

export function TruckRow({ truck }: { truck: TruckView }): VNode {
  const { language } = useApp();
  const words = useWords();
  const state = truck.vehicleState ?? truck.state;
  return (
    <Row
      selects={{ kind: 'truck', id: truck.id }}
      condition={truckCondition(truck)}
      state={language.codeWord(state)}
      title={
        <>
          <b>{truck.plate ?? truck.id}</b> <small>{truck.plate === null ? '' : truck.id}</small>
        </>
      }
      detail={
        <>
          {language.codeWord(state)} · {chainage(truck.chainageM)} {truck.direction !== null && words.direction[truck.direction]}
          {truck.replayed && <em> · {words.replayed}</em>}
        </>
      }
      value={<SocBar socPercent={truck.socPercent} />}
    />
  );
}

export function PackRow({ pack }: { pack: PackView }): VNode {
  const words = useWords();
  return (
    <Row
      selects={{ kind: 'pack', id: pack.id }}
      condition={pack.state.toLowerCase().includes('quarantin') ? 'wait' : (pack.powerW ?? 0) > 500 ? 'active' : 'normal'}
      state={pack.state}
      title={<b>{pack.id}</b>}
      detail={
        <>
          {words.location[pack.location.kind]} {pack.location.id} · {words.field.soh} <Figure of={percent(pack.sohPercent)} />
        </>
      }
      value={<SocBar socPercent={pack.socPercent} />}
    />
  );
}

export function OrderRow({ order }: { order: OrderSummary }): VNode {
  const { language } = useApp();
  return (
    <Row
      selects={{ kind: 'order', id: order.id }}
      condition={orderCondition(order.state)}
      state={language.codeWord(order.state)}
      title={
        <>
          <b>{order.truckId ?? '—'}</b> · {order.stationId}
        </>
      }
      detail={
        <>
          {language.codeWord(order.state)}
          {order.reason !== null && <> · {language.codeWord(order.reason)}</>}
        </>
      }
      value={
        <>
          <span class="figure">{yuan(order.payableFen ?? order.heldFen ?? order.quotedFen)}</span>
          <small>
            <Time at={order.createdAt} />
          </small>
        </>
      }
    />
  );
}

export function AlarmRow({ alarm }: { alarm: AlarmView }): VNode {
  const { language } = useApp();
  const words = useWords();
  return (
    <Row
      selects={{ kind: 'alarm', id: alarm.id }}
      condition={alarmCondition(alarm)}
      state={`${words.field.level} ${alarm.level}, ${words.alarm.state[alarm.state]}`}
      title={
        <>
          <b>{language.codeWord(alarm.code)}</b>
        </>
      }
      detail={
        <>
          {alarm.state === 'ACKNOWLEDGED' && <>✓ </>}
          {isAside(alarm) && <em>{words.alarm.state[alarm.state]} · </em>}
          {alarm.scopeId} · {alarmText(alarm, language)}
        </>
      }
      value={
        <small>
          <Time at={alarm.raisedAt} />
        </small>
      }
    />
  );
}
