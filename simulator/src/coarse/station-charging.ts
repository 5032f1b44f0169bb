import { type ChargeStep, chargeSteps } from '@corridor/actors/pack/charge-curve';
import { assert } from '@corridor/protocols/assert';
import { type EnergyCalendar, QUARTER_MS } from '../energy/energy-calendar.ts';
import { EnergyMeter } from '../energy/energy-meter.ts';
import type { ActorStage } from '../kernel/actor-stage.ts';
import { CHARGING_RULES, type ChargingPolicy } from '../policies/charging-policies.ts';
import { chosenPolicies } from '../scenario/policies.schema.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { capacityWhOf, GRID_WH_PER_CONTENT_WH } from '../scenario/station-physics.ts';
import type { CoarsePackEvent } from './pack.machine.ts';
import type { PackUnit, StationYard } from './units.ts';

type Yard = Omit<StationYard, 'charging'>;

const HOUR_MS = 3_600_000;
const SUSPENDED: CoarsePackEvent = { type: 'pack.suspended' };

/** A pack on a charger. */
interface Charge {
  pack: PackUnit;
  /** What it holds is told as of this instant. */
  sinceMs: number;
  /** What the charger may give now [W]. */
  limitW: number;
  /** From that instant on; null where they have to be told anew. */
  steps: readonly ChargeStep[] | null;
  /** Where the scenario draws how long a charge takes: what is left of it, at an even power. */
  drawn: { remainingMs: number; powerW: number } | null;
}

/** The chargers of a station: who is charged since when and how fast, by the station's rule and what its connection gives. */
export class StationCharging {
  readonly meter: EnergyMeter;
  readonly #charges: Charge[] = [];
  readonly #scenario: Scenario;
  readonly #stage: ActorStage;
  readonly #calendar: EnergyCalendar;
  readonly #yard: Yard;
  readonly #charged: (wh: number) => void;
  readonly #policy: ChargingPolicy;
  readonly #capacityWh: number;
  /** All chargers may always give all: nothing has to be asked again. */
  readonly #isFree: boolean;
  #limitW: number;
  #allowed: number;
  #isDark = false;

  /** @param charged told of energy that came into packs [Wh] */
  constructor({
    scenario,
    stage,
    calendar,
    yard,
    charged,
  }: {
    scenario: Scenario;
    stage: ActorStage;
    calendar: EnergyCalendar;
    yard: Yard;
    charged: (wh: number) => void;
  }) {
    const { plan } = yard;
    const { charging } = chosenPolicies(scenario);
    this.meter = new EnergyMeter(scenario.days);
    this.#scenario = scenario;
    this.#stage = stage;
    this.#calendar = calendar;
    this.#yard = yard;
    this.#charged = charged;
    this.#policy = CHARGING_RULES[charging];
    this.#capacityWh = capacityWhOf(scenario);
    this.#limitW = plan.gridLimitW;
    this.#allowed = plan.chargers;
    // Never more packs stand in a station than it began with.
    const most = Math.min(plan.chargers, plan.packs) * plan.chargerPowerW;
    this.#isFree = charging === 'fastest' && most <= plan.gridLimitW / GRID_WH_PER_CONTENT_WH;
    if (!this.#isFree) this.#tick();
  }

  get length(): number {
    return this.#charges.length;
  }

  /** Whether a pack that comes now is charged at once. */
  get takesOne(): boolean {
    return !this.#isDark && this.#charges.length < this.#allowed;
  }

  /** A pack gets a charger. @param drawnMs how long it takes; null: by the charge curve */
  plug(pack: PackUnit, drawnMs: number | null): void {
    const nowMs = this.#stage.clock.nowMs;
    const missingWh = Math.max(0, this.#yard.issueWh - pack.contentWh);
    const drawn = drawnMs === null ? null : { remainingMs: drawnMs, powerW: drawnMs === 0 ? 0 : (missingWh / drawnMs) * HOUR_MS };
    const charge: Charge = { pack, sinceMs: nowMs, limitW: 0, steps: null, drawn };
    this.#charges.push(charge);
    charge.limitW = this.#shareW();
    this.#stage.send(pack.host, { type: 'pack.plugged', chargeMs: this.#remainingMs(charge) });
    if (!this.#isFree) this.#share();
  }

  /** A pack is done: it holds what is given out. */
  unplug(pack: PackUnit): void {
    const place = this.#charges.findIndex((charge) => charge.pack === pack);
    const charge = this.#charges[place];
    assert(charge !== undefined, 'a pack was charged by no charger');
    this.#pass(charge);
    // Rounding of the steps.
    const restWh = Math.max(0, this.#yard.issueWh - pack.contentWh);
    pack.contentWh += restWh;
    this.#charged(restWh);
    this.#charges.splice(place, 1);
    if (!this.#isFree) this.#share();
  }

  /** After any change at the station: the rule is asked again. */
  ask(): void {
    if (this.#isFree) return;
    const { plan, ready, queue, index } = this.#yard;
    const nowMs = this.#stage.clock.nowMs;
    const price = this.#calendar.priceAt(index, nowMs);
    const { chargers, limitW } = this.#policy({
      packs: plan.packs,
      chargers: plan.chargers,
      chargerPowerW: plan.chargerPowerW,
      readyPacks: ready.length,
      waitingTrucks: queue.length,
      gridLimitW: plan.gridLimitW,
      pvW: this.#calendar.pvW(index, nowMs),
      signalW: plan.limitSignalW?.[Math.floor(nowMs / HOUR_MS) % 24] ?? null,
      price: price && { now: price.nanoYuanPerKwh, mean: price.dayMeanNanoYuanPerKwh },
    });
    this.#limitW = limitW;
    this.#share();
    if (chargers === this.#allowed) return;
    this.#allowed = chargers;
    this.#stage.send(this.#yard.host, { type: 'chargers.allowed', held: plan.chargers - chargers });
  }

  /** Power goes, or is back. */
  setDark(isDark: boolean): void {
    this.#isDark = isDark;
    this.#share();
  }

  /** Brings what all packs hold to now. */
  passAll(): void {
    for (const charge of this.#charges) this.#pass(charge);
  }

  #tick(): void {
    this.#stage.schedule(QUARTER_MS, () => {
      this.ask();
      this.#tick();
    });
  }

  #shareW(): number {
    if (this.#isDark) return 0;
    const { chargerPowerW } = this.#yard.plan;
    return this.#isFree
      ? chargerPowerW
      : Math.min(chargerPowerW, this.#limitW / GRID_WH_PER_CONTENT_WH / Math.max(1, this.#charges.length));
  }

  /** Shares the power anew; a charge whose part changes goes on with the new one. */
  #share(): void {
    const limitW = this.#shareW();
    for (const charge of this.#charges) {
      if (charge.limitW === limitW) continue;
      // A drawn time knows no power, only whether there is any.
      const isRetimed = charge.drawn === null || (charge.limitW === 0) !== (limitW === 0);
      this.#pass(charge);
      charge.limitW = limitW;
      if (!isRetimed) continue;
      this.#stage.send(charge.pack.host, limitW === 0 ? SUSPENDED : { type: 'pack.paced', chargeMs: this.#remainingMs(charge) });
    }
  }

  #remainingMs(charge: Charge): number {
    const { drawn, pack, limitW } = charge;
    if (drawn !== null) return drawn.remainingMs;
    charge.steps = this.#stepsOf(pack, limitW);
    let sumMs = 0;
    for (const { durationMs } of charge.steps) sumMs += durationMs;
    return sumMs;
  }

  #stepsOf(pack: PackUnit, limitW: number): ChargeStep[] {
    const { cellTempC } = this.#scenario.pack;
    return chargeSteps({
      fromSocPercent: Math.max(0, (pack.contentWh / this.#capacityWh) * 100),
      toSocPercent: this.#yard.plan.issueSocPercent,
      capacityWh: this.#capacityWh,
      chargerPowerW: limitW,
      tempC: cellTempC,
    });
  }

  /** Brings what a pack holds to now. */
  #pass(charge: Charge): void {
    const { pack, drawn, limitW } = charge;
    const nowMs = this.#stage.clock.nowMs;
    let atMs = charge.sinceMs;
    charge.sinceMs = nowMs;
    if (limitW === 0 || atMs === nowMs) return;
    if (drawn !== null) {
      this.#flow(pack, atMs, nowMs, drawn.powerW);
      drawn.remainingMs = Math.max(0, drawn.remainingMs - (nowMs - atMs));
      return;
    }
    const steps = charge.steps ?? this.#stepsOf(pack, limitW);
    charge.steps = null;
    for (const { powerW, durationMs } of steps) {
      const untilMs = Math.min(nowMs, atMs + durationMs);
      this.#flow(pack, atMs, untilMs, powerW);
      atMs = untilMs;
      if (atMs >= nowMs) return;
    }
  }

  #flow(pack: PackUnit, fromMs: number, toMs: number, powerW: number): void {
    const wh = (powerW * (toMs - fromMs)) / HOUR_MS;
    pack.contentWh += wh;
    this.meter.add(fromMs, toMs, powerW);
    this.#charged(wh);
  }
}
