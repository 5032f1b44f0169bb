import { packContentWh } from '@corridor/actors/dispatch/reach';
import { CHARGER_EFFICIENCY_RATIO, chargeDurationMs, PACK_CHARGE_EFFICIENCY_RATIO } from '@corridor/actors/pack/charge-curve';
import { meanMsOf } from './distribution.ts';
import type { Scenario, StationPlan } from './scenario.schema.ts';

/** Grid energy for what arrives in a pack. */
export const GRID_WH_PER_CONTENT_WH = 1 / (CHARGER_EFFICIENCY_RATIO * PACK_CHARGE_EFFICIENCY_RATIO);

/** What a pack holds when it is given out [Wh]. */
export const issueWhOf = ({ pack }: Pick<Scenario, 'pack'>, { issueSocPercent }: Pick<StationPlan, 'issueSocPercent'>): number =>
  packContentWh({ socPercent: issueSocPercent, sohPercent: pack.sohPercent, nominalWh: pack.nominalWh });

/** What a pack can hold at a state of health [Wh]. */
export const capacityWhAt = ({ pack }: Pick<Scenario, 'pack'>, sohPercent: number): number =>
  packContentWh({ socPercent: 100, sohPercent, nominalWh: pack.nominalWh });
export const capacityWhOf = (scenario: Pick<Scenario, 'pack'>): number => capacityWhAt(scenario, scenario.pack.sohPercent);

/** What one pack holds at a state of charge [Wh]. */
export const contentWhAt = ({ pack }: Pick<Scenario, 'pack'>, { sohPercent }: { sohPercent: number }, socPercent: number): number =>
  packContentWh({ socPercent, sohPercent, nominalWh: pack.nominalWh });

/** A charger's power when as many packs are charged at once as there can be: they share the limit evenly. */
export const sharedPowerW = ({ chargerPowerW, chargers, packs, gridLimitW }: StationPlan): number =>
  Math.min(chargerPowerW, gridLimitW / GRID_WH_PER_CONTENT_WH / Math.min(chargers, packs));

/** From a content to what is given out, with cells as warm as that. */
interface Charged {
  contentWh: number;
  cellTempC: number;
}

/** By the charge curve of the live plant. @returns ms; Infinity when cells are too cold or hot */
export function curveMs(scenario: Pick<Scenario, 'pack'>, station: StationPlan, { contentWh, cellTempC }: Charged): number {
  const capacityWh = capacityWhOf(scenario);
  return chargeDurationMs({
    fromSocPercent: Math.max(0, (contentWh / capacityWh) * 100),
    toSocPercent: station.issueSocPercent,
    capacityWh,
    chargerPowerW: sharedPowerW(station),
    tempC: cellTempC,
  });
}

/** Mean over how a pack arrives. @returns ms */
export const meanChargeMs = (scenario: Pick<Scenario, 'pack'>, station: StationPlan, arriving: Charged): number =>
  station.chargeTime ? meanMsOf(station.chargeTime) : curveMs(scenario, station, arriving);
