import { randomBytes } from 'node:crypto';

/** Id of an order from the driver's page: known before its number at the station, so it cannot hold it. */
export const newOrderId = (stationId: string): string => `${stationId}-R-${randomBytes(9).toString('hex')}`;
