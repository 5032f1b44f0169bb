/** Columns of the signal table by kind. Rules name a signal; the code that fills a row uses its index. */
export const PACK_NUMBERS = [
  'socPercent',
  'sohPercent',
  'energyWh',
  'voltageV',
  'currentA',
  'powerW',
  'cellTmaxC',
  'cellTminC',
  'cycles',
  // What judging a SOC remembers.
  'rawSocPercent',
  'socChangedAtMs',
  'heldSinceMs',
] as const;
export const PACK_TEXTS = ['placeKind', 'placeId', 'faultCodes'] as const;
export const SLOT_NUMBERS = ['powerW', 'setpointW', 'voltageV', 'currentA', 'meterWh', 'plugTempC'] as const;
export const SLOT_TEXTS = ['slotState', 'chargingState', 'packId'] as const;
export const STATION_NUMBERS = [
  'readyPacks',
  'chargingPacks',
  'emptySlots',
  'queueLength',
  'estWaitMs',
  'gridPowerW',
  'gridLimitW',
  'pvPowerW',
  'ambientC',
  'windMps',
] as const;
export const STATION_TEXTS = ['state'] as const;
export const TRUCK_NUMBERS = [
  'lat',
  'lon',
  'altM',
  'chainageM',
  'speedKmh',
  'headingDeg',
  'odometerM',
  'grossMassKg',
  'socPercent',
  'motorPowerW',
] as const;
export const TRUCK_TEXTS = ['vehicleState', 'direction', 'packId', 'destinationStationId'] as const;
export const BAY_TEXTS = ['bayState', 'truckId', 'step'] as const;

export const SIGNAL_KINDS = ['pack', 'slot', 'station', 'truck', 'bay'] as const;
export type SignalKind = (typeof SIGNAL_KINDS)[number];
