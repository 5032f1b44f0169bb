import { type Static, Type } from 'typebox';
import { envelope } from '../envelope.ts';
import { IdText } from '../ids.ts';
import { Literals } from '../literals.ts';
import { DIRECTIONS } from '../tele/truck.ts';
import { ChainageM, MassKg, Nullable, SocPercent } from '../units.ts';

export const TRUCK_EVENTS = ['online', 'trip_started', 'trip_ended', 'stranded', 'recovered', 'alarm'] as const;
const fields = {
  truckId: IdText('truck'),
  tripId: Nullable(IdText('trip')),
  direction: Nullable(Literals(DIRECTIONS)),
  chainageM: Nullable(ChainageM('where')),
  grossMassKg: Nullable(MassKg('tractor, trailer, pack and load')),
  packId: Nullable(IdText('pack on board')),
  socPercent: Nullable(SocPercent('of that pack')),
  detail: Nullable(Type.String({ maxLength: 400 })),
};
/** `evt.<event>` of a truck. */
export const truckEventSchema = (event: (typeof TRUCK_EVENTS)[number]) => envelope(`evt.truck.${event}`, 1, fields);
export const TruckEvent = envelope('evt.truck.online', 1, fields);
export type TruckEventData = Static<typeof TruckEvent>['data'];
