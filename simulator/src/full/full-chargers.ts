import type { ChargeEventData } from '@corridor/protocols/evt/charge';
import { Fifo } from '../coarse/fifo.ts';
import type { StationMeasures } from '../coarse/measures.ts';
import type { EnergyMeter } from '../energy/energy-meter.ts';
import type { StationPlan } from '../scenario/scenario.schema.ts';
import { ChargeSession } from './charge-session.ts';
import { type FullPack, readBms } from './full-units.ts';
import type { RunTime } from './run-time.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

export interface FullChargersOptions {
  plan: StationPlan;
  issueWh: number;
  cellTempC: number;
  time: RunTime;
  measures: StationMeasures;
  meter: EnergyMeter;
  hooks: {
    /** Came into packs [Wh]. */
    charged: (wh: number) => void;
  };
  report: (event: 'started' | 'updated' | 'ended', data: ChargeEventData) => void;
  /** A pack may be given out. */
  isFull: () => void;
}

/** The chargers of a station: packs are charged in the order in which they came, and their registers are told as a gateway tells them. */
export class FullChargers {
  readonly #options: FullChargersOptions;
  readonly #waiting = new Fifo<{ pack: FullPack; evseId: number }>();
  readonly #sessions = new Map<number, ChargeSession>();
  #charges = 0;

  constructor(options: FullChargersOptions) {
    this.#options = options;
  }

  /** A pack in a slot gets a charger as soon as one is free. */
  charge(pack: FullPack, evseId: number): void {
    this.#waiting.push({ pack, evseId });
    this.#plug();
  }

  /** The pack is about to be picked. */
  stop(evseId: number): void {
    const session = this.#sessions.get(evseId);
    if (session !== undefined) this.#end(session, 'PACK_PICKED');
  }

  /** Brings all packs to now. */
  pass(): void {
    for (const session of this.#sessions.values()) this.#pass(session);
  }

  /** Registers are told at these minutes of each day, at which tariff periods begin. */
  reportAt(minutes: readonly number[]): void {
    const { time } = this.#options;
    const intoDayMs = time.nowMs % DAY_MS;
    const next = minutes.find((minute) => minute * MINUTE_MS > intoDayMs);
    const dueMs = next === undefined ? DAY_MS + (minutes[0] ?? 0) * MINUTE_MS : next * MINUTE_MS;
    time.schedule(dueMs - intoDayMs, () => {
      for (const session of this.#sessions.values()) {
        this.#pass(session);
        this.#options.report('updated', session.report(null));
      }
      this.reportAt(minutes);
    });
  }

  #plug(): void {
    const { time, plan, measures, issueWh, cellTempC: tempC, report } = this.#options;
    while (this.#waiting.length > 0 && this.#sessions.size < plan.chargers) {
      const { pack, evseId } = this.#waiting.shift();
      this.#charges += 1;
      const transactionId = `${plan.id}-1-c${this.#charges}`;
      const session = new ChargeSession({ pack, evseId, transactionId, plan, issueWh, tempC, nowMs: time.nowMs });
      this.#sessions.set(evseId, session);
      measures.passTo(time.nowMs);
      measures.levels.busyChargers += 1;
      report('started', session.report(null));
      session.timer = time.after(session.durationMs, () => this.#full(session));
    }
  }

  #full(session: ChargeSession): void {
    this.#end(session, 'MAX_SOC');
    this.#options.isFull();
    this.#plug();
  }

  #end(session: ChargeSession, reason: 'MAX_SOC' | 'PACK_PICKED'): void {
    const { measures, time, report } = this.#options;
    if (session.timer !== null) time.cancel(session.timer);
    this.#pass(session);
    this.#sessions.delete(session.evseId);
    measures.passTo(time.nowMs);
    measures.levels.busyChargers -= 1;
    report('ended', session.report(reason));
  }

  #pass(session: ChargeSession): void {
    const { time, meter, measures, hooks } = this.#options;
    const addedWh = session.passTo(time.nowMs, meter);
    measures.chargedWh += addedWh;
    hooks.charged(addedWh);
    readBms(session.pack);
  }
}
