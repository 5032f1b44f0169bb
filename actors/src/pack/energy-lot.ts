import type { TariffPeriodKind } from '@corridor/protocols/tariff-period';

/** Energy a pack was charged with at one price: billing splits an order over periods by these. */
export interface EnergyLot {
  /** Integer Wh, >= 0. */
  energyWh: number;
  period: TariffPeriodKind;
  priceNanoYuanPerKwh: bigint;
  stationId: string;
  source: 'GRID' | 'PV' | 'OPENING';
  /** Of PV energy at a price of its own: the station rate that was in force when it was charged. Absent: at the tariff's price. */
  pvRateId?: string;
}
