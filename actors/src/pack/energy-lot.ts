import type { TariffPeriodKind } from '@corridor/protocols/tariff-period';

/** Energy a pack was charged with at one price: billing splits an order over periods by these. */
export interface EnergyLot {
  /** Integer Wh, >= 0. */
  energyWh: number;
  period: TariffPeriodKind;
  priceNanoYuanPerKwh: bigint;
  stationId: string;
  source: 'GRID' | 'PV' | 'OPENING';
}
