import type { ChosenPolicies } from './policies.schema.ts';

/** What a rule of charging sees of a station. Powers at the grid's side [W]. */
export interface ChargingView {
  packs: number;
  chargers: number;
  chargerPowerW: number;
  readyPacks: number;
  waitingTrucks: number;
  gridLimitW: number;
  pvW: number;
  /** Asked for in this hour; null: nothing is. */
  signalW: number | null;
  /** Of this hour and of the day's mean; null: energy has no price here. */
  price: { now: number; mean: number } | null;
}

export interface ChargingAllowance {
  /** Packs that may be charged at the same time. What has begun goes on. */
  chargers: number;
  /** Shared by those that are charged [W]. */
  limitW: number;
}

/** When and how fast a station charges. */
export type ChargingPolicy = (view: ChargingView) => ChargingAllowance;

/** Of its packs a station keeps so many ready, whatever the hour costs. */
const KEPT_READY_RATIO = 0.5;

/** Chargers it takes until enough packs are ready for who waits and who may come. */
function neededChargers({ packs, readyPacks, waitingTrucks }: ChargingView): number {
  return Math.max(0, Math.ceil(packs * KEPT_READY_RATIO) + waitingTrucks - readyPacks);
}

const fastest: ChargingPolicy = ({ chargers, gridLimitW, pvW }) => ({ chargers, limitW: gridLimitW + pvW });

export const CHARGING_RULES: Readonly<Record<ChosenPolicies['charging'], ChargingPolicy>> = {
  fastest,
  'off-peak': (view) => {
    const all = fastest(view);
    const isDear = view.price !== null && view.price.now > view.price.mean;
    return isDear ? { ...all, chargers: Math.min(all.chargers, neededChargers(view)) } : all;
  },
  'limit-following': (view) => {
    const { signalW, gridLimitW, pvW, chargers } = view;
    const limitW = Math.min(gridLimitW, signalW ?? gridLimitW) + pvW;
    return { chargers: limitW > 0 ? chargers : 0, limitW };
  },
  'pv-first': (view) => {
    const all = fastest(view);
    const onSun = Math.floor(view.pvW / view.chargerPowerW);
    return { ...all, chargers: Math.min(all.chargers, Math.max(onSun, neededChargers(view))) };
  },
};
