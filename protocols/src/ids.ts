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
export const slotIdOf = (stationId: string, evseId: number): SlotId => slotIds.of(stationId, evseId) as SlotId;
export const bayIdOf = (stationId: string, bay: number): BayId => `${stationId}-B${bay}` as BayId;
/** What a station's PV tells stands under this meter. */
export const pvMeterIdOf = (stationId: string): string => `${stationId}-PV`;
/** A swap is known by its station and the requestId both sides repeat. */
export const swapIdOf = (stationId: string, requestId: number): SwapId => swapIds.of(stationId, requestId) as SwapId;

/** Numbers of a station whose texts are kept, by their last digits: slots are fewer, and of swaps the last ones are asked for. */
const KEPT = 256;
/** Stations that are kept at most; then they are forgotten and made anew. */
const STATIONS_MAX = 10_000;

/**
 * The text of a station's number, the same one as a rule as long as it is asked for: a text put together anew has to be hashed and compared
 * anew wherever it is looked up.
 */
class NumberedTexts {
  readonly #byStation = new Map<string, { numbers: Float64Array; texts: string[] }>();

  of(stationId: string, number: number): string {
    const { numbers, texts } = this.#byStation.get(stationId) ?? this.#keep(stationId);
    const at = number & (KEPT - 1);
    const known = texts[at];
    if (known !== undefined && numbers[at] === number) return known;
    const text = `${stationId}-${number}`;
    numbers[at] = number;
    texts[at] = text;
    return text;
  }

  #keep(stationId: string): { numbers: Float64Array; texts: string[] } {
    if (this.#byStation.size >= STATIONS_MAX) this.#byStation.clear();
    const kept = { numbers: new Float64Array(KEPT), texts: [] };
    this.#byStation.set(stationId, kept);
    return kept;
  }
}

const slotIds = new NumberedTexts();
const swapIds = new NumberedTexts();
