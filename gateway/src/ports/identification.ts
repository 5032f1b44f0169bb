/** What the readers of a bay found about the truck in it; null = unreadable. */
export type TruckIdentity = {
  plate: string | null;
  /** Tag of the truck. */
  rfid: string | null;
  /** Read over the CAN hand-shake. */
  vin: string | null;
  /** Platform's id of the truck, written into the tag and the T-box when it was certified. */
  truckId: string | null;
  /** Driver's card or the code of the driver's phone; null: the VIN stands in. */
  driverToken: { idToken: string; type: 'ISO14443' | 'ISO15693' | 'Central' | 'KeyCode' } | null;
  packSerialNumber: string | null;
  packSocPercent: number | null;
  packSohPercent: number | null;
  odometerM: number | null;
  /** It took [ms]. */
  durationMs: number;
};

export interface Identification {
  /** Reads the truck that stands in the bay; takes about 15 s of scope time. Repeatable: reading twice harms nothing. */
  identify(): Promise<TruckIdentity>;
}
