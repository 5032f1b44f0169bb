import { createHash, randomBytes } from 'node:crypto';

const ID_CHARS = 18;

/**
 * Id of an order from the driver's page: known before its number at the station, so it cannot hold it. The same caller's same key names
 * the same order, so that what is asked again after a lost answer is done once.
 * @param key null: nobody will ask again
 */
export function newOrderId(stationId: string, { userId, key }: { userId: string; key: string | null }): string {
  const name =
    key === null
      ? randomBytes(ID_CHARS / 2).toString('hex')
      : createHash('sha256').update(`${userId}\n${key}`).digest('hex').slice(0, ID_CHARS);
  return `${stationId}-R-${name}`;
}
