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
export const slotIdOf = (stationId: string, evseId: number): SlotId => `${stationId}-${evseId}` as SlotId;
export const bayIdOf = (stationId: string, bay: number): BayId => `${stationId}-B${bay}` as BayId;
/** A swap is known by its station and the requestId both sides repeat. */
export const swapIdOf = (stationId: string, requestId: number): SwapId => `${stationId}-${requestId}` as SwapId;
