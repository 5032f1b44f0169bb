import { type ChargeStep, chargeSteps, PACK_CHARGE_EFFICIENCY_RATIO } from '@corridor/actors/pack/charge-curve';
import type { Prng } from '@corridor/actors/time/prng';
import type { Timer } from '@corridor/actors/time/virtual-clock';
import type { CHARGE_END_REASONS, ChargeEventData } from '@corridor/protocols/evt/charge';
import type { EnergyMeter } from '../energy/energy-meter.ts';
import { drawMs } from '../scenario/distribution.ts';
import type { StationPlan } from '../scenario/scenario.schema.ts';
import { sharedPowerW } from '../scenario/station-physics.ts';
import { type FullPack, socPercentOf } from './full-units.ts';

const HOUR_MS = 3_600_000;

/** One charge of a pack: what it holds at any instant, by the charge curve or evenly over a time that was drawn. */
export class ChargeSession {
  readonly pack: FullPack;
  readonly evseId: number;
  readonly durationMs: number;
  /** When it will be full. */
  timer: Timer | null = null;
  readonly #transactionId: string;
  readonly #steps: readonly ChargeStep[];
  readonly #fromWh: number;
  readonly #sinceMs: number;
  #passedMs: number;

  constructor(of: {
    pack: FullPack;
    evseId: number;
    transactionId: string;
    plan: StationPlan;
    issueWh: number;
    tempC: number;
    nowMs: number;
  }) {
    this.pack = of.pack;
    this.evseId = of.evseId;
    this.#transactionId = of.transactionId;
    this.#fromWh = of.pack.contentWh;
    this.#sinceMs = of.nowMs;
    this.#passedMs = of.nowMs;
    this.#steps = stepsOf(of);
    this.durationMs = this.#steps.reduce((sum, { durationMs }) => sum + durationMs, 0);
  }

  /** Into the pack since its beginning [Wh]. */
  get chargedWh(): number {
    return this.pack.contentWh - this.#fromWh;
  }

  /** Brings what the pack holds to an instant. @returns what came since the last time [Wh] */
  passTo(nowMs: number, meter: EnergyMeter): number {
    const { pack } = this;
    const fromMs = this.#passedMs;
    this.#passedMs = nowMs;
    let contentWh = this.#fromWh;
    let stepMs = this.#sinceMs;
    for (const { powerW, durationMs } of this.#steps) {
      const endMs = Math.min(nowMs, stepMs + durationMs);
      contentWh += (powerW * (endMs - stepMs)) / HOUR_MS;
      if (endMs > fromMs) meter.add(Math.max(fromMs, stepMs), endMs, powerW);
      stepMs = endMs;
      if (stepMs >= nowMs) break;
    }
    const addedWh = contentWh - pack.contentWh;
    pack.contentWh = contentWh;
    return addedWh;
  }

  /** What the gateway reports of it now. */
  report(reason: (typeof CHARGE_END_REASONS)[number] | null): ChargeEventData {
    const { pack, evseId } = this;
    return {
      transactionId: this.#transactionId,
      evseId,
      packId: pack.id,
      gridRegisterWh: Math.floor(this.chargedWh / PACK_CHARGE_EFFICIENCY_RATIO),
      pvRegisterWh: 0,
      socPercent: socPercentOf(pack),
      sohPercent: pack.bms.sohPercent ?? 0,
      reason,
    };
  }
}

function stepsOf({ pack, plan, issueWh, tempC }: { pack: FullPack; plan: StationPlan; issueWh: number; tempC: number }): ChargeStep[] {
  const missingWh = Math.max(0, issueWh - pack.contentWh);
  if (plan.chargeTime) return evenly(missingWh, plan.chargeTime, pack.draws);
  return chargeSteps({
    fromSocPercent: Math.max(0, (pack.contentWh / pack.capacityWh) * 100),
    toSocPercent: plan.issueSocPercent,
    capacityWh: pack.capacityWh,
    chargerPowerW: sharedPowerW(plan),
    tempC,
  });
}

function evenly(missingWh: number, chargeTime: NonNullable<StationPlan['chargeTime']>, draws: Prng): ChargeStep[] {
  const durationMs = drawMs(chargeTime, draws);
  return [{ powerW: durationMs === 0 ? 0 : (missingWh / durationMs) * HOUR_MS, durationMs }];
}
