import type { Prng } from '@corridor/actors/time/prng';
import { violated } from '@corridor/protocols/assert';
import type { Timeline } from '../kernel/timeline.ts';
import { drawMs } from '../scenario/distribution.ts';
import type { BreakdownsPlan } from '../scenario/faults.schema.ts';
import type { Scenario, StationPlan } from '../scenario/scenario.schema.ts';
import { DownTimes } from './down-times.ts';

const DAY_MS = 86_400_000;

/** What happens to a station when parts of it fail and work again, in either model. Units count from 0. */
export interface BreakablePlant {
  setChargerDown(unit: number, isDown: boolean): void;
  setBayDown(unit: number, isDown: boolean): void;
  setDark(isDark: boolean): void;
}

type Part = BreakdownsPlan['part'];

/**
 * Black-outs that are planned and parts that break at random, of one station. Every unit has a stream of its own, by its name: what is
 * changed elsewhere leaves its faults as they were. A unit that fails for two reasons works again when both are gone.
 */
export class StationFaults {
  readonly downTimes: DownTimes;
  readonly #stage: Timeline;
  readonly #plant: BreakablePlant;
  /** Reasons for which a unit does not work, by part and unit. */
  readonly #reasons: Readonly<Record<Part, number[]>>;

  constructor({
    scenario: { faults = [] },
    plan,
    stage,
    prng,
    plant,
  }: {
    scenario: Scenario;
    plan: StationPlan;
    stage: Timeline;
    prng: Prng;
    plant: BreakablePlant;
  }) {
    this.#stage = stage;
    this.#plant = plant;
    const units: Readonly<Record<Part, number>> = { charger: plan.chargers, bay: plan.bays, station: 1 };
    this.downTimes = new DownTimes(units);
    const none = (part: Part) => Array.from({ length: units[part] }, () => 0);
    this.#reasons = { charger: none('charger'), bay: none('bay'), station: none('station') };
    const known: Record<Part, number> = { charger: 0, bay: 0, station: 0 };
    for (const fault of faults) {
      if (fault.stationId !== undefined && fault.stationId !== plan.id) continue;
      // Of motions the full model's bays know.
      if (fault.kind === 'motions') continue;
      if (fault.kind === 'blackout') {
        this.#blackOut(fault.fromDay * DAY_MS, fault.durationMs);
        continue;
      }
      known[fault.part] += 1;
      for (let unit = 0; unit < units[fault.part]; unit += 1)
        this.#breakAgain(fault, unit, prng.fork(`breakdowns:${plan.id}:${fault.part}:${unit + 1}:${known[fault.part]}`));
    }
  }

  #blackOut(fromMs: number, durationMs: number): void {
    this.#stage.schedule(fromMs, () => this.#fail('station', 0), 'FAULTS');
    this.#stage.schedule(fromMs + durationMs, () => this.#repair('station', 0), 'FAULTS');
  }

  /** Works for an exponential time, whatever it does meanwhile, then is repaired, and so on. */
  #breakAgain(plan: BreakdownsPlan, unit: number, draws: Prng): void {
    const repair = () => {
      this.#repair(plan.part, unit);
      this.#breakAgain(plan, unit, draws);
    };
    const fail = () => {
      this.#fail(plan.part, unit);
      this.#stage.schedule(drawMs(plan.repairTime, draws), repair, 'FAULTS');
    };
    this.#stage.schedule(draws.exponential(plan.mtbfMs), fail, 'FAULTS');
  }

  #fail(part: Part, unit: number): void {
    const reasons = this.#reasons[part];
    reasons[unit] = (reasons[unit] ?? 0) + 1;
    if (reasons[unit] === 1) this.#set(part, unit, true);
  }

  #repair(part: Part, unit: number): void {
    const reasons = this.#reasons[part];
    reasons[unit] = (reasons[unit] ?? violated(`${part} ${unit} is repaired and was never out of order`)) - 1;
    if (reasons[unit] === 0) this.#set(part, unit, false);
  }

  #set(part: Part, unit: number, isDown: boolean): void {
    this.downTimes.change(part, isDown ? 1 : -1, this.#stage.clock.nowMs);
    switch (part) {
      case 'charger':
        return this.#plant.setChargerDown(unit, isDown);
      case 'bay':
        return this.#plant.setBayDown(unit, isDown);
      case 'station':
        return this.#plant.setDark(isDown);
    }
  }
}
