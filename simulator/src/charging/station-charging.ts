import { type ChargeStep, chargeSteps } from '@corridor/actors/pack/charge-curve';
import { assert, violated } from '@corridor/protocols/assert';
import { type EnergyCalendar, QUARTER_MS } from '../energy/energy-calendar.ts';
import { EnergyMeter } from '../energy/energy-meter.ts';
import type { Timeline } from '../kernel/timeline.ts';
import { CHARGING_RULES, type ChargingPolicy } from '../policies/charging-policies.ts';
import { chosenPolicies } from '../policies/policies.schema.ts';
import type { RunWeather } from '../scenario/run-weather.ts';
import type { Scenario, StationPlan } from '../scenario/scenario.schema.ts';
import { contentWhAt, GRID_WH_PER_CONTENT_WH } from '../scenario/station-physics.ts';
import { type Charge, type ChargeFlow, NOT_BEGUN } from './charge.ts';
import type { UsedPack } from './pack-ageing.ts';

const HOUR_MS = 3_600_000;

/** What the chargers know of their station. */
export interface ChargingYard {
  plan: StationPlan;
  index: number;
  issueWh: number;
  ready: { readonly length: number };
  queue: { readonly length: number };
}

/** Who keeps the time of charges, and who is told what flows. */
export interface ChargingHooks<Pack> {
  /** Came into packs [Wh]. */
  charged(wh: number): void;
  /** A pack has a charger: full in so long, if nothing changes. */
  plugged(pack: Pack, chargeMs: number): void;
  /** Its power has changed: so long from now. */
  paced(pack: Pack, chargeMs: number): void;
  /** It gets no power. */
  suspended(pack: Pack): void;
  /** So many of the chargers that are free are to begin nothing new. */
  held(chargers: number): void;
}

export interface StationChargingOptions<Pack> {
  scenario: Scenario;
  stage: Timeline;
  calendar: EnergyCalendar;
  yard: ChargingYard;
  hooks: ChargingHooks<Pack>;
  weather: RunWeather;
  /** Also tell what each pack took of the sun. */
  metersSun: boolean;
}

/** The chargers of a station: who is charged since when and how fast, by the station's rule and what its connection gives. */
export class StationCharging<Pack extends UsedPack> {
  readonly meter: EnergyMeter;
  readonly #charges: Charge<Pack>[] = [];
  /** By unit: whether a pack is on it, and whether it is out of order. */
  readonly #isTaken: boolean[];
  readonly #isDown: boolean[];
  readonly #weather: RunWeather;
  readonly #stage: Timeline;
  readonly #calendar: EnergyCalendar;
  readonly #yard: ChargingYard;
  readonly #hooks: ChargingHooks<Pack>;
  readonly #policy: ChargingPolicy;
  readonly #scenario: Pick<Scenario, 'pack'>;
  /** All chargers may always give all: nothing has to be asked again. */
  readonly #isFree: boolean;
  readonly #metersSun: boolean;
  #limitW: number;
  #allowed: number;
  #held = 0;
  #isDark = false;
  /** PV of this quarter of an hour, shared out up to an instant; 0 where nobody asks whose it was. */
  #sunW = 0;
  #sharedMs = 0;

  constructor({ scenario, stage, calendar, yard, hooks, weather, metersSun }: StationChargingOptions<Pack>) {
    const { plan } = yard;
    const { charging } = chosenPolicies(scenario);
    this.#metersSun = metersSun && plan.pv !== undefined;
    this.meter = new EnergyMeter(scenario.days, this.#metersSun);
    this.#weather = weather;
    this.#stage = stage;
    this.#calendar = calendar;
    this.#yard = yard;
    this.#hooks = hooks;
    this.#policy = CHARGING_RULES[charging];
    this.#scenario = scenario;
    this.#isTaken = Array.from({ length: plan.chargers }, () => false);
    this.#isDown = Array.from({ length: plan.chargers }, () => false);
    this.#limitW = plan.gridLimitW;
    this.#allowed = plan.chargers;
    // Never more packs stand in a station than it began with.
    const most = Math.min(plan.chargers, plan.packs) * plan.chargerPowerW;
    this.#isFree = charging === 'fastest' && most <= plan.gridLimitW / GRID_WH_PER_CONTENT_WH;
    if (!this.#isFree || this.#metersSun) this.#tick();
  }

  get length(): number {
    return this.#charges.length;
  }

  /** Whether a pack that comes now is charged at once. */
  get takesOne(): boolean {
    return !this.#isDark && this.#charges.length < this.#allowed && this.#freeUnit() !== -1;
  }

  /** Packs on chargers, for who watches. */
  get charges(): readonly Readonly<Charge<Pack>>[] {
    return this.#charges;
  }

  /** What flows into a pack from `sinceMs` on, if nothing changes. */
  stepsFrom(charge: Readonly<Charge<Pack>>): readonly ChargeStep[] {
    const { limitW, steps, drawn } = charge;
    if (limitW === 0) return [];
    return drawn === null
      ? (steps?.slice(charge.step).map((step) => ({ ...step })) ?? this.#stepsOf(charge))
      : [{ powerW: drawn.powerW, durationMs: drawn.remainingMs }];
  }

  /** A pack gets a charger. @param drawnMs how long it takes; null: by the charge curve */
  plug(pack: Pack, drawnMs: number | null): ChargeFlow {
    const nowMs = this.#stage.clock.nowMs;
    const unit = this.#freeUnit();
    assert(unit !== -1, 'a pack was plugged where no charger is free');
    if (this.#sunW > 0) this.passAll();
    const missingWh = Math.max(0, this.#issueWhOf(pack) - pack.contentWh);
    const drawn = drawnMs === null ? null : { remainingMs: drawnMs, powerW: drawnMs === 0 ? 0 : (missingWh / drawnMs) * HOUR_MS };
    const { cellTempC } = this.#weather.at(nowMs);
    const charge: Charge<Pack> = { pack, unit, sinceMs: nowMs, cellTempC, drawn, ...NOT_BEGUN };
    this.#charges.push(charge);
    this.#isTaken[unit] = true;
    charge.limitW = this.#shareW();
    this.#hooks.plugged(pack, this.#remainingMs(charge));
    if (!this.#isFree) this.#share();
    return charge;
  }

  /** A pack is done: it holds what is given out. */
  unplug(pack: Pack): void {
    const charge = this.#chargeOf(pack);
    this.#pass(charge);
    // Rounding of the steps.
    const restWh = Math.max(0, this.#issueWhOf(pack) - pack.contentWh);
    pack.contentWh += restWh;
    charge.gridWh += restWh;
    this.#hooks.charged(restWh);
    // Otherwise the rest is but the rounding of what was metered already.
    if (charge.drawn?.powerW === 0) this.meter.addAtOnce(this.#stage.clock.nowMs, restWh);
    this.#remove(charge);
  }

  /** A pack is taken off before it is done. */
  interrupt(pack: Pack): void {
    const charge = this.#chargeOf(pack);
    this.#pass(charge);
    this.#remove(charge);
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
    this.#hold();
  }

  /** Power goes, or is back. */
  setDark(isDark: boolean): void {
    this.#isDark = isDark;
    this.#share();
  }

  /** A charger breaks, or works again. The pack that is on it stays there. @param unit from 0 */
  setDown(unit: number, isDown: boolean): void {
    this.#isDown[unit] = isDown;
    this.#share();
    this.#hold();
  }

  /** Whether the charger of a pack is out of order. */
  isDownAt(pack: Pack): boolean {
    return this.#isDown[this.#chargeOf(pack).unit] === true;
  }

  /** Brings what all packs hold to now. */
  passAll(): void {
    if (this.#sunW > 0) return this.#passSun();
    for (const charge of this.#charges) this.#passOne(charge);
  }

  /** Under the sun each change at the station asks all packs, from one instant on: nearly all of them are in the middle of a step. */
  #passSun(): void {
    const nowMs = this.#stage.clock.nowMs;
    const fromMs = this.#sharedMs;
    const passedMs = nowMs - fromMs;
    // Since then nothing flowed.
    if (passedMs === 0) return;
    const { meter } = this;
    const hooks = this.#hooks;
    for (const charge of this.#charges) {
      const { steps, pack } = charge;
      const under = charge.limitW > 0 && charge.drawn === null && steps !== null ? steps[charge.step] : undefined;
      const endMs = under === undefined ? fromMs : fromMs + under.durationMs;
      if (under === undefined || endMs < nowMs) {
        this.#passOne(charge);
        continue;
      }
      const { powerW } = under;
      const wh = (powerW * passedMs) / HOUR_MS;
      under.durationMs = endMs - nowMs;
      charge.sinceMs = nowMs;
      charge.mixedWh += wh;
      pack.contentWh += wh;
      meter.add(fromMs, nowMs, powerW);
      hooks.charged(wh);
    }
    this.#shareSun();
  }

  #tick(): void {
    if (this.#metersSun) this.#sunW = this.#calendar.pvW(this.#yard.index, this.#stage.clock.nowMs);
    this.#sharedMs = this.#stage.clock.nowMs;
    const share = () => {
      if (this.#metersSun) this.passAll();
      this.ask();
      this.#tick();
    };
    this.#stage.schedule(QUARTER_MS, share, 'POWER');
  }

  /** The charger with the lowest number that is free and works; -1: there is none. */
  #freeUnit(): number {
    const { chargers } = this.#yard.plan;
    for (let unit = 0; unit < chargers; unit += 1) if (!this.#isTaken[unit] && !this.#isDown[unit]) return unit;
    return -1;
  }

  #chargeOf(pack: Pack): Charge<Pack> {
    for (const charge of this.#charges) if (charge.pack === pack) return charge;
    return violated('a pack was charged by no charger');
  }

  #remove(charge: Charge<Pack>): void {
    charge.pack.ageing?.filled(charge.pack.contentWh);
    this.#charges.splice(this.#charges.indexOf(charge), 1);
    this.#isTaken[charge.unit] = false;
    if (!this.#isFree) this.#share();
    if (this.#isDown[charge.unit]) this.#hold();
  }

  /** What is free and must stay so: by the rule, or because it is out of order. */
  #hold(): void {
    const idle = this.#isDown.filter((isDown, unit) => isDown && !this.#isTaken[unit]).length;
    const held = Math.max(this.#yard.plan.chargers - this.#allowed, idle);
    if (held === this.#held) return;
    this.#held = held;
    this.#hooks.held(held);
  }

  /** What a charger that works may give. */
  #shareW(): number {
    if (this.#isDark) return 0;
    const { chargerPowerW } = this.#yard.plan;
    if (this.#isFree) return chargerPowerW;
    let working = 0;
    for (const { unit } of this.#charges) if (!this.#isDown[unit]) working += 1;
    return Math.min(chargerPowerW, this.#limitW / GRID_WH_PER_CONTENT_WH / Math.max(1, working));
  }

  /** Shares the power anew; a charge whose part changes goes on with the new one. */
  #share(): void {
    const shareW = this.#shareW();
    for (const charge of this.#charges) {
      const limitW = this.#isDown[charge.unit] ? 0 : shareW;
      if (charge.limitW === limitW) continue;
      // A drawn time knows no power, only whether there is any.
      const isRetimed = charge.drawn === null || (charge.limitW === 0) !== (limitW === 0);
      this.#pass(charge);
      charge.limitW = limitW;
      if (!isRetimed) continue;
      if (limitW === 0) this.#hooks.suspended(charge.pack);
      else this.#hooks.paced(charge.pack, this.#remainingMs(charge));
    }
  }

  #remainingMs(charge: Charge<Pack>): number {
    const { drawn } = charge;
    if (drawn !== null) return drawn.remainingMs;
    const steps = this.#stepsOf(charge);
    charge.steps = steps;
    charge.step = 0;
    let sumMs = 0;
    for (const { durationMs } of steps) sumMs += durationMs;
    return sumMs;
  }

  #stepsOf({ pack, limitW, cellTempC }: Readonly<Charge<Pack>>): ChargeStep[] {
    return chargeSteps({
      fromSocPercent: Math.max(0, (pack.contentWh / pack.capacityWh) * 100),
      toSocPercent: this.#yard.plan.issueSocPercent,
      capacityWh: pack.capacityWh,
      chargerPowerW: limitW,
      tempC: cellTempC,
    });
  }

  /** What a pack is to hold when it is given out: of its own capacity. */
  #issueWhOf(pack: Pack): number {
    return pack.ageing === null ? this.#yard.issueWh : contentWhAt(this.#scenario, pack, this.#yard.plan.issueSocPercent);
  }

  /** Brings what a pack holds to now; while the sun is shared out, all of them. */
  #pass(charge: Charge<Pack>): void {
    if (this.#sunW > 0) this.passAll();
    else this.#passOne(charge);
  }

  #passOne(charge: Charge<Pack>): void {
    const { drawn, limitW } = charge;
    const nowMs = this.#stage.clock.nowMs;
    const fromMs = charge.sinceMs;
    charge.sinceMs = nowMs;
    if (limitW === 0 || fromMs === nowMs) return;
    if (drawn === null) return this.#passSteps(charge, fromMs, nowMs);
    this.#flow(charge, fromMs, nowMs, drawn.powerW);
    drawn.remainingMs = Math.max(0, drawn.remainingMs - (nowMs - fromMs));
  }

  /** Under the sun all packs are asked at each change: what is left of the steps is kept then, and needs not be found anew. */
  #passSteps(charge: Charge<Pack>, fromMs: number, nowMs: number): void {
    let { steps, step } = charge;
    if (steps === null) {
      steps = this.#stepsOf(charge);
      step = 0;
    }
    let atMs = fromMs;
    for (let under = steps[step]; under !== undefined; under = steps[step]) {
      const endMs = atMs + under.durationMs;
      const untilMs = Math.min(nowMs, endMs);
      this.#flow(charge, atMs, untilMs, under.powerW);
      atMs = untilMs;
      if (atMs >= nowMs) {
        under.durationMs = endMs - nowMs;
        break;
      }
      step += 1;
    }
    const kept = this.#sunW > 0 && step < steps.length ? steps : null;
    if (charge.steps !== kept) charge.steps = kept;
    charge.step = step;
  }

  #flow(charge: Charge<Pack>, fromMs: number, toMs: number, powerW: number): void {
    const wh = (powerW * (toMs - fromMs)) / HOUR_MS;
    charge.pack.contentWh += wh;
    if (this.#sunW > 0) charge.mixedWh += wh;
    else charge.gridWh += wh;
    this.meter.add(fromMs, toMs, powerW);
    this.#hooks.charged(wh);
  }

  /** The sun serves the chargers first, and all of them alike, from one change at the station to the next. */
  #shareSun(): void {
    const nowMs = this.#stage.clock.nowMs;
    const sunWh = (this.#sunW * (nowMs - this.#sharedMs)) / HOUR_MS / GRID_WH_PER_CONTENT_WH;
    const fromMs = this.#sharedMs;
    this.#sharedMs = nowMs;
    let takenWh = 0;
    for (const { mixedWh } of this.#charges) takenWh += mixedWh;
    if (takenWh === 0) return;
    const pvRatio = Math.min(1, sunWh / takenWh);
    for (const charge of this.#charges) {
      charge.pvWh += charge.mixedWh * pvRatio;
      charge.gridWh += charge.mixedWh * (1 - pvRatio);
      charge.mixedWh = 0;
    }
    this.meter.addPv(fromMs, takenWh * pvRatio);
  }
}
