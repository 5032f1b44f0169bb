import type { BundleLeg } from '@corridor/protocols/http/bundle';

/** A leg as the writer stored it: JSON with bigint as text. */
export interface StoredLeg {
  packId: string;
  ownerId: string;
  socPercent: number;
  sohPercent: number;
  nominalWh: number;
  energyWh: number;
  /** null where the database did not show it. */
  lots: StoredLot[] | null;
  rentNanoYuanPerKwh: string | null;
}
interface StoredLot {
  energyWh: number;
  period: string;
  priceNanoYuanPerKwh: string;
  stationId: string;
  source: string;
  pvRateId?: string;
}

/** Why a party sees an order: who pays it and the platform see the whole bill, others by what they have in it. */
export interface PartInOrder {
  readonly principalId: string;
  readonly seesWholeBill: boolean;
  /** Of the station of this order, not of any. */
  readonly isOperator: boolean;
}

/**
 * An operator is paid by energy and lots at its own station, not by the owner's rate; an owner sees his own packs, not at what they were
 * charged. Whoever only issued an offer, or funds a discount, sees none.
 */
export function legFor({ principalId, seesWholeBill, isOperator }: PartInOrder, leg: StoredLeg | null): BundleLeg | null {
  if (leg === null) return null;
  const isOwner = leg.ownerId === principalId;
  if (!seesWholeBill && !isOperator && !isOwner) return null;
  const { packId, ownerId, socPercent, sohPercent, nominalWh, energyWh, lots, rentNanoYuanPerKwh } = leg;
  return {
    packId,
    ownerId,
    socPercent,
    sohPercent,
    nominalWh: `${nominalWh}`,
    energyWh: `${energyWh}`,
    lots: seesWholeBill || isOperator ? (lots?.map(lotOf) ?? null) : null,
    rentNanoYuanPerKwh: seesWholeBill || isOwner ? rentNanoYuanPerKwh : null,
  };
}

const lotOf = ({ energyWh, period, priceNanoYuanPerKwh, stationId, source, pvRateId }: StoredLot) => ({
  energyWh: `${energyWh}`,
  period,
  priceNanoYuanPerKwh,
  stationId,
  source,
  ...(pvRateId === undefined ? {} : { pvRateId }),
});
