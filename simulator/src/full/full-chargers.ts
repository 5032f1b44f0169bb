import { PACK_CHARGE_EFFICIENCY_RATIO } from '@corridor/actors/pack/charge-curve';
import type { Timer } from '@corridor/actors/time/virtual-clock';
import { assert, violated } from '@corridor/protocols/assert';
import type { CHARGE_END_REASONS, ChargeEventData } from '@corridor/protocols/evt/charge';
import type { ChargeFlow } from '../charging/charge.ts';
import { agePack } from '../charging/pack-ageing.ts';
import { type ChargingYard, StationCharging } from '../charging/station-charging.ts';
import { energyCalendarOf } from '../energy/energy-calendar.ts';
import { Fifo } from '../kernel/fifo.ts';
import type { StationMeasures } from '../measures/measures.ts';
import type { FullScenario } from '../scenario/corridor-file.ts';
import { drawMs } from '../scenario/distribution.ts';
import type { RunWeather } from '../scenario/run-weather.ts';
import { type FullPack, readBms, readCells, socPercentOf } from './full-units.ts';
import type { RunTime } from './run-time.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

type EndReason = (typeof CHARGE_END_REASONS)[number];

export interface FullChargersOptions {
  scenario: FullScenario;
  yard: ChargingYard;
  time: RunTime;
  measures: StationMeasures;
  weather: RunWeather;
  report: (event: 'started' | 'updated' | 'ended', data: ChargeEventData) => void;
  /** A pack may be given out. */
  isFull: (pack: FullPack) => void;
}

/** A pack on a charger, and the transaction under which its registers are told. */
interface Session {
  readonly pack: FullPack;
  readonly evseId: number;
  /** null: its charger is out of order. */
  transactionId: string | null;
  /** Since the pack was plugged. */
  flow: ChargeFlow;
  /** Of the flow, what earlier transactions told [Wh]. */
  toldBefore: { gridWh: number; pvWh: number };
  /** When it will be full; null: it gets no power. */
  timer: Timer | null;
}

const NOTHING: ChargeFlow = { gridWh: 0, pvWh: 0 };

/** The chargers of a station: packs are charged in the order in which they came, and their registers are told as a gateway tells them. */
export class FullChargers {
  readonly #options: FullChargersOptions;
  readonly #charging: StationCharging<FullPack>;
  readonly #waiting = new Fifo<{ pack: FullPack; evseId: number }>();
  readonly #sessions = new Map<FullPack, Session>();
  #charges = 0;

  constructor(options: FullChargersOptions) {
    const { scenario, yard, time, measures, weather } = options;
    this.#options = options;
    this.#charging = new StationCharging<FullPack>({
      scenario,
      stage: time,
      calendar: energyCalendarOf(scenario),
      yard,
      weather,
      metersSun: true,
      hooks: {
        charged: (wh) => {
          measures.chargedWh += wh;
        },
        plugged: (pack, chargeMs) => this.#time(pack, chargeMs),
        paced: (pack, chargeMs) => this.#time(pack, chargeMs),
        suspended: (pack) => this.#time(pack, null),
        held: () => this.#plug(),
      },
    });
  }

  /** Packs that stand in the rack and are not full. */
  get length(): number {
    return this.#waiting.length + this.#sessions.size;
  }

  get charging(): StationCharging<FullPack> {
    return this.#charging;
  }

  /** A pack in a slot gets a charger as soon as one is free. */
  charge(pack: FullPack, evseId: number): void {
    this.#waiting.push({ pack, evseId });
    this.#plug();
  }

  /** The pack is about to be picked. @returns false: it was done already */
  stop(pack: FullPack): boolean {
    const session = this.#sessions.get(pack);
    if (session === undefined) return this.#forget(pack);
    this.#charging.interrupt(pack);
    this.#end(session, 'PACK_PICKED');
    return true;
  }

  /** A pack that waits for a charger will not get one. @returns false: it did not wait */
  #forget(pack: FullPack): boolean {
    if (this.#waiting.length === 0) return false;
    const place = [...this.#waiting].findIndex((each) => each.pack === pack);
    if (place === -1) return false;
    this.#waiting.take(place);
    return true;
  }

  /** After any change at the station: the rule of charging is asked again. */
  ask(): void {
    this.#charging.ask();
    this.#plug();
  }

  /** Power goes, or is back. Transactions stay open meanwhile. */
  setDark(isDark: boolean): void {
    this.#charging.setDark(isDark);
    this.#plug();
  }

  /** A charger breaks, or works again; the pack that is on it gets a transaction of its own afterwards. @param unit from 0 */
  setDown(unit: number, isDown: boolean): void {
    this.pass();
    this.#charging.setDown(unit, isDown);
    for (const session of this.#sessions.values()) {
      const isBroken = this.#charging.isDownAt(session.pack);
      const wasBroken = session.transactionId === null;
      if (isBroken && !wasBroken) this.#breakOff(session);
      if (!isBroken && wasBroken) this.#begin(session);
    }
    this.#plug();
  }

  /** Brings all packs to now. */
  pass(): void {
    this.#charging.passAll();
    for (const { pack } of this.#sessions.values()) readBms(pack);
  }

  /** Registers are told at these minutes of each day, at which tariff periods begin. */
  reportAt(minutes: readonly number[]): void {
    const { time } = this.#options;
    const intoDayMs = time.nowMs % DAY_MS;
    const next = minutes.find((minute) => minute * MINUTE_MS > intoDayMs);
    const dueMs =
      next === undefined ? DAY_MS + (minutes[0] ?? violated('no minute of the day to tell registers at')) * MINUTE_MS : next * MINUTE_MS;
    const report = () => {
      this.pass();
      for (const session of this.#sessions.values()) this.#tell('updated', session, null);
      this.reportAt(minutes);
    };
    time.schedule(dueMs - intoDayMs, report, 'CHARGES');
  }

  #plug(): void {
    const { scenario, time, measures, weather } = this.#options;
    const { chargeTime } = this.#options.yard.plan;
    while (this.#waiting.length > 0 && this.#charging.takesOne) {
      const { pack, evseId } = this.#waiting.shift();
      const session: Session = { pack, evseId, transactionId: null, flow: NOTHING, toldBefore: NOTHING, timer: null };
      this.#sessions.set(pack, session);
      measures.passTo(time.nowMs);
      measures.levels.busyChargers += 1;
      const { cellTempC } = weather.at(time.nowMs);
      agePack(scenario, pack, { nowMs: time.nowMs, cellTempC });
      readCells(pack, cellTempC);
      this.#begin(session);
      session.flow = this.#charging.plug(pack, chargeTime ? drawMs(chargeTime, pack.draws) : null);
    }
  }

  /** @param chargeMs until it is full; null: nothing flows */
  #time(pack: FullPack, chargeMs: number | null): void {
    const { time } = this.#options;
    const session = this.#sessions.get(pack);
    assert(session !== undefined, `${pack.id} is charged without a transaction`);
    if (session.timer !== null) time.cancel(session.timer);
    session.timer = chargeMs === null ? null : time.after(chargeMs, () => this.#full(session), 'CHARGES');
  }

  #full(session: Session): void {
    const { pack } = session;
    session.timer = null;
    this.#charging.unplug(pack);
    this.#end(session, 'MAX_SOC');
    this.#options.isFull(pack);
    this.#plug();
  }

  #end(session: Session, reason: EndReason): void {
    const { measures, time } = this.#options;
    if (session.timer !== null) time.cancel(session.timer);
    this.#sessions.delete(session.pack);
    measures.passTo(time.nowMs);
    measures.levels.busyChargers -= 1;
    readBms(session.pack);
    this.#tell('ended', session, reason);
  }

  #begin(session: Session): void {
    this.#charges += 1;
    session.transactionId = `${this.#options.yard.plan.id}-1-c${this.#charges}`;
    const { gridWh, pvWh } = session.flow;
    session.toldBefore = { gridWh, pvWh };
    this.#tell('started', session, null);
  }

  #breakOff(session: Session): void {
    this.#tell('ended', session, 'FAULT');
    session.transactionId = null;
  }

  /** What the gateway reports of it now. Nothing, while its charger is out of order. */
  #tell(event: 'started' | 'updated' | 'ended', session: Session, reason: EndReason | null): void {
    const { pack, evseId, transactionId, flow, toldBefore } = session;
    if (transactionId === null) return;
    this.#options.report(event, {
      transactionId,
      evseId,
      packId: pack.id,
      gridRegisterWh: Math.floor((flow.gridWh - toldBefore.gridWh) / PACK_CHARGE_EFFICIENCY_RATIO),
      pvRegisterWh: Math.floor((flow.pvWh - toldBefore.pvWh) / PACK_CHARGE_EFFICIENCY_RATIO),
      socPercent: socPercentOf(pack),
      sohPercent: pack.bms.sohPercent ?? violated(`${pack.id} tells no state of health`),
      reason,
    });
  }
}
