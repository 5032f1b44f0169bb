import type { IdToken } from '@corridor/protocols/ocpp';

/**
 * What an order is made with; its first event is `order.begun`. Reads at the bay are null for an order from the driver's page.
 */
export interface OrderInput {
  orderId: string;
  initiation: 'LOCAL' | 'REMOTE';
  /**
   * CHECKED: the eleven checks run, live or on events that arrived late.
   * UNAUTHORISED: packs were swapped although nothing was authorised (or it was refused): abnormal from the start,
   * NOT_AUTHORIZED, or GATEWAY_OFFLINE_BACKFILLED when `backfill` is set; its legs are still recorded.
   */
  begin: 'CHECKED' | 'UNAUTHORISED';
  /** The events came from the buffer of a gateway that was offline: commands come too late to matter. */
  backfill: boolean;
  stationId: string;
  bayId: string | null;
  /** null: the station's actor numbers it with the reservation (remote initiation). */
  requestId: number | null;
  /** null when nothing at the bay could identify the truck. */
  truckId: string | null;
  idToken: IdToken;
  plate: string | null;
  rfid: string | null;
  vin: string | null;
  /** Pack on the truck as its BMS says at the bay. */
  packSerialNumber: string | null;
  packSocPercent: number | null;
  /** With which a truck on its way should arrive [%]; absent: it stands there, or nobody can say. */
  arrivalSocPercent?: number;
  odometerM: number | null;
  /** The HTTP intent that asked, answered by `intent.answered`. */
  intentId: string | null;
}
