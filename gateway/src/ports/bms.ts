import type { PackReading } from '@corridor/protocols/tele/packs';

/** What a pack's BMS says over the plug: a pack reading without the place, which the BMS does not know. */
export type BmsReading = Omit<PackReading, 'location'>;
