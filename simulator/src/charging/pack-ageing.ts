import { type FadeState, fadeBy, fadeStateAtSoh, sohRatioOf } from '@corridor/actors/pack/soh-fade';
import type { Prng } from '@corridor/actors/time/prng';
import type { Ageing } from '../scenario/ageing.schema.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { capacityWhAt, contentWhAt } from '../scenario/station-physics.ts';

const DAY_MS = 86_400_000;

/** A pack in use: what it holds, what it can hold, and why that changes. */
export interface UsedPack {
  contentWh: number;
  sohPercent: number;
  /** At `sohPercent` [Wh]. */
  capacityWh: number;
  /** null: it stays as it is. */
  readonly ageing: PackAgeing | null;
}

/** How worn a pack is, and what its use since it was last on a charger will add to that. */
export class PackAgeing {
  readonly #plan: Ageing;
  #fade: FadeState;
  #sinceMs = 0;
  /** When it left the charger, or the run began [Wh]. */
  #filledWh: number;
  /** When it got new cells [ms of the run]. */
  readonly renewedAtMs: number[] = [];

  constructor(plan: Ageing, { sohPercent, contentWh }: { sohPercent: number; contentWh: number }) {
    this.#plan = plan;
    this.#fade = fadeStateAtSoh(sohPercent / 100);
    this.#filledWh = contentWh;
  }

  /** It leaves the charger with so much. */
  filled(contentWh: number): void {
    this.#filledWh = contentWh;
  }

  /** @returns its state of health now, 0..1 */
  passTo(nowMs: number, { contentWh, capacityWh, cellTempC }: { contentWh: number; capacityWh: number; cellTempC: number }): number {
    const days = (nowMs - this.#sinceMs) / DAY_MS;
    const filledWh = Math.max(contentWh, this.#filledWh);
    this.#sinceMs = nowMs;
    if (days > 0)
      this.#fade = this.#worn({ days, cellTempC, usedRatio: (filledWh - contentWh) / capacityWh, leftRatio: contentWh / capacityWh });
    if (sohRatioOf(this.#fade) * 100 <= this.#plan.renewAtSohPercent) {
      this.renewedAtMs.push(nowMs);
      this.#fade = { calendarLossRatio: 0, cycleLossRatio: 0 };
    }
    return sohRatioOf(this.#fade);
  }

  #worn({ days, cellTempC, usedRatio, leftRatio }: { days: number; cellTempC: number; usedRatio: number; leftRatio: number }): FadeState {
    return fadeBy(
      this.#fade,
      {
        days,
        equivalentFullCycles: usedRatio,
        tempC: cellTempC,
        socRatio: Math.min(1, leftRatio + usedRatio / 2),
        depthOfDischargeRatio: Math.min(1, usedRatio),
        // What was used went out and came in before.
        meanRatePerHour: (2 * usedRatio) / (days * 24),
      },
      this.#plan.wearFactor,
    );
  }
}

/** A pack on the first day. @param draws of the pack   @param socPercent 0..100 */
export function firstPack(scenario: Pick<Scenario, 'pack'>, draws: Prng, socPercent: number): UsedPack {
  const { ageing, sohPercent: meanPercent } = scenario.pack;
  const spread = ageing?.sohSpreadPercent ?? 0;
  const sohPercent = spread === 0 ? meanPercent : meanPercent + draws.fork('health').uniform(-spread, spread);
  const contentWh = contentWhAt(scenario, { sohPercent }, socPercent);
  return {
    contentWh,
    sohPercent,
    capacityWh: capacityWhAt(scenario, sohPercent),
    ageing: ageing === undefined ? null : new PackAgeing(ageing, { sohPercent, contentWh }),
  };
}

/** A pack is about to be charged: what it went through since the last time has made it weaker, or it gets new cells, and keeps what it holds. */
export function agePack(
  scenario: Pick<Scenario, 'pack'>,
  pack: UsedPack,
  { nowMs, cellTempC }: { nowMs: number; cellTempC: number },
): void {
  if (pack.ageing === null) return;
  const { contentWh, capacityWh } = pack;
  const sohPercent = pack.ageing.passTo(nowMs, { contentWh, capacityWh, cellTempC }) * 100;
  // A pack that came back full holds what it holds.
  pack.capacityWh = Math.max(contentWh, capacityWhAt(scenario, sohPercent));
  pack.sohPercent = sohPercent;
}
