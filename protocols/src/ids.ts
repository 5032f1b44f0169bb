import { Type } from 'typebox';

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type StationId = Branded<'StationId'>;
export type BayId = Branded<'BayId'>;
export type SlotId = Branded<'SlotId'>;
export type PackId = Branded<'PackId'>;
export type TruckId = Branded<'TruckId'>;
export type DriverId = Branded<'DriverId'>;
export type OrderId = Branded<'OrderId'>;
export type SwapId = Branded<'SwapId'>;
export type AccountId = Branded<'AccountId'>;
export type PrincipalId = Branded<'PrincipalId'>;
export type PlatformId = Branded<'PlatformId'>;
export type CommandId = Branded<'CommandId'>;

/** What may stand as one token of a NATS subject, and so as an id anywhere in the product. */
export const TOKEN_PATTERN = '^[A-Za-z0-9_-]{1,64}$';
const token = new RegExp(TOKEN_PATTERN);

export function isToken(text: string): boolean {
  return token.test(text);
}

/** An id on the wire: 1 to 64 of `A-Z a-z 0-9 _ -`, so that it fits into a subject. */
export const IdText = (description: string) => Type.String({ pattern: TOKEN_PATTERN, description });

/** Pack ids are the serial numbers of the packs. */
export const slotIdOf = (stationId: string, evseId: number): SlotId => numbered(stationId, evseId) as SlotId;
export const bayIdOf = (stationId: string, bay: number): BayId => `${stationId}-B${bay}` as BayId;
/** A swap is known by its station and the requestId both sides repeat. */
export const swapIdOf = (stationId: string, requestId: number): SwapId => numbered(stationId, requestId) as SwapId;

/** Texts that are kept at most, over all stations; then they are forgotten and made anew. */
const NUMBERED_MAX = 50_000;
const numberedOf = new Map<string, Map<number, string>>();
let numberedCount = 0;

/** The same text each time, made once: a text put together anew has to be hashed anew wherever it is looked up. */
function numbered(stationId: string, number: number): string {
  const known = numberedOf.get(stationId)?.get(number);
  if (known !== undefined) return known;
  if (numberedCount >= NUMBERED_MAX) {
    numberedOf.clear();
    numberedCount = 0;
  }
  let texts = numberedOf.get(stationId);
  if (texts === undefined) numberedOf.set(stationId, (texts = new Map<number, string>()));
  const text = `${stationId}-${number}`;
  texts.set(number, text);
  numberedCount += 1;
  return text;
}
