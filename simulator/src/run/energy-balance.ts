import { assert } from '@corridor/protocols/assert';

/** Rounding of sums of floating-point numbers, as a share of what passed through them. */
export const ENERGY_TOLERANCE_RATIO = 1e-9;

/** A world, as its energy is balanced. */
export interface BalancedWorld {
  readonly packs: readonly { contentWh: number }[];
  readonly trucks: readonly { usedWh: number }[];
  readonly yards: readonly { charging: { meter: { readonly quartersWh: Float64Array } } }[];
  readonly broughtWh: number;
}

/** Content of packs [Wh]. */
export interface EnergyBalance {
  /** By packs, when they came. */
  broughtWh: number;
  /** On the meters of the stations, from the first instant on. */
  meteredWh: number;
  /** On the registers of the trucks, from the first instant on. */
  usedWh: number;
  /** By the packs themselves, now. */
  heldWh: number;
  /** Of what was brought and charged; below 0 there is more than can be. */
  missingWh: number;
}

/**
 * What was brought and charged is used or still there. No sum is made of another: what packs brought, what stations metered, what trucks used and what
 * packs hold are counted each at their place. What a charger loses lies before its meter, and a pack that stands loses nothing.
 */
export function energyBalanceOf({ packs, trucks, yards, broughtWh }: BalancedWorld): EnergyBalance {
  const meteredWh = yards.reduce((sum, { charging: { meter } }) => sum + meter.quartersWh.reduce((wh, quarterWh) => wh + quarterWh, 0), 0);
  const usedWh = trucks.reduce((sum, truck) => sum + truck.usedWh, 0);
  const heldWh = packs.reduce((sum, { contentWh }) => sum + contentWh, 0);
  return { broughtWh, meteredWh, usedWh, heldWh, missingWh: broughtWh + meteredWh - usedWh - heldWh };
}

/** @throws InvariantError with all sums where they do not meet */
export function checkEnergy(world: BalancedWorld): void {
  const { missingWh, ...sums } = energyBalanceOf(world);
  const passedWh = sums.broughtWh + sums.meteredWh + Math.abs(sums.usedWh);
  const told = Object.entries(sums).map(([name, wh]) => `${name} ${wh.toFixed(3)}`);
  assert(Math.abs(missingWh) <= ENERGY_TOLERANCE_RATIO * passedWh, `${missingWh.toFixed(3)} Wh are missing: ${told.join(', ')}`);
}
