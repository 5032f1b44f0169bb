import { bayIdOf, slotIdOf } from '@corridor/protocols/ids';
import type { PackDefinition } from '@corridor/protocols/network-file';
import type { BayInput } from '../bay/bay.machine.ts';
import type { GatewayInput } from '../gateway/gateway.rules.ts';
import { scaleLots } from '../pack/energy-lot.rules.ts';
import { custodyMoved, lotsChanged, type PackInput, stationOfSlot } from '../pack/pack.rules.ts';
import { openingOrigin } from '../pack/pack-leg.rules.ts';
import { packEnergyWh } from '../rating/pack-energy.ts';
import { openingRentRateOf } from '../rating/rent-rate.ts';
import type { SlotInput } from '../slot/slot.rules.ts';
import type { StationInput } from '../station/station.rules.ts';
import { localDateOf } from '../tariff/local-time.ts';
import type { TruckInput } from '../truck/truck.rules.ts';
import type { Effect, Emitted } from './effect.ts';
import type { Address } from './entity-ref.ts';
import type { Tell } from './message.ts';
import { tell } from './outgoing.ts';
import type { Surroundings } from './reference.ts';

/**
 * An asset whose definition is in the reference. Principals, stations and trucks come before the packs that they hold.
 */
export interface Registration {
  asset: 'principal' | 'station' | 'truck' | 'pack';
  id: string;
}

export interface Registered {
  actors: (Address & { input: unknown })[];
  deliveries: Tell[];
  effects: Effect[];
}

/** Everything of a network file, in an order that works. */
export function registrationsOf({ reference }: Pick<Surroundings, 'reference'>): Registration[] {
  const all = (asset: Registration['asset'], items: Iterable<{ id: string }>) => [...items].map(({ id }) => ({ asset, id }));
  return [
    ...all('principal', reference.principals()),
    ...all('station', reference.stations()),
    ...all('truck', reference.trucks()),
    ...all('pack', reference.packs()),
  ];
}

/** @returns nothing when the reference does not hold the asset */
export function registrationOf({ asset, id }: Registration, surroundings: Surroundings): Registered {
  switch (asset) {
    case 'principal':
      return { ...nothing, actors: [{ kind: 'account', id, input: { id } }] };
    case 'station':
      return { ...nothing, actors: stationActors(id, surroundings) };
    case 'truck':
      return { ...nothing, actors: surroundings.reference.truck(id) ? truckActors(id) : [] };
    case 'pack': {
      const definition = surroundings.reference.pack(id);
      return definition ? packRegistered(definition, surroundings) : nothing;
    }
  }
}

const nothing: Registered = { actors: [], deliveries: [], effects: [] };

function stationActors(id: string, { reference }: Surroundings): Registered['actors'] {
  const definition = reference.station(id);
  if (definition === undefined) return [];
  const bays = Array.from({ length: definition.bays }, (_, index) => bayIdOf(id, index + 1));
  const slots = Array.from({ length: definition.slots }, (_, index) => index + 1);
  return [
    { kind: 'gateway', id, input: { id, source: 'station' } satisfies GatewayInput },
    { kind: 'station', id, input: { id } satisfies StationInput },
    ...bays.map((bayId) => ({ kind: 'bay' as const, id: bayId, input: { id: bayId, stationId: id } satisfies BayInput })),
    ...slots.map((evseId) => {
      const input: SlotInput = { id: slotIdOf(id, evseId), stationId: id, evseId };
      return { kind: 'slot' as const, id: input.id, input };
    }),
  ];
}

const truckActors = (id: string): Registered['actors'] => [
  { kind: 'gateway', id, input: { id, source: 'truck' } satisfies GatewayInput },
  { kind: 'truck', id, input: { id, packId: null } satisfies TruckInput },
];

/** The books of a pack begin with what it holds, as one lot at the price of the hour, and with its place. */
function packRegistered(definition: PackDefinition, surroundings: Surroundings): Registered {
  const { id, initial: place, initialSocPercent: socPercent, initialSohPercent: sohPercent } = definition;
  const { reference } = surroundings;
  const atMs = surroundings.nowMs();
  const origin = openingOrigin(surroundings, place.kind === 'SLOT' ? stationOfSlot(place.id) : null, atMs);
  const nominalWh = reference.packType(definition.typeCode)?.nominalWh ?? 0;
  const energyWh = packEnergyWh({ socPercent, sohPercent, nominalWh });
  const lots = origin === null ? [] : scaleLots([], energyWh, origin);
  const rate = reference.batteryRate({ packId: definition.id, ownerId: definition.ownerId }, localDateOf(atMs));
  const isOut = place.kind === 'TRUCK';
  const rentNanoYuanPerKwh = isOut && rate !== undefined ? openingRentRateOf(rate, sohPercent) : null;
  const input: PackInput = { id, place, socPercent, sohPercent, lots, rentNanoYuanPerKwh };
  const delivery = isOut
    ? tell('truck', place.id, { type: 'truck.packFitted', atMs, packId: id, orderId: null })
    : tell('slot', place.id, { type: 'slot.packInserted', atMs, packId: id, orderId: null });
  return {
    actors: [{ kind: 'pack', id, input }],
    deliveries: [delivery],
    effects: effectsOf([custodyMoved(id, place, 'REGISTRATION', atMs), lotsChanged(id, lots, atMs)]),
  };
}

const effectsOf = (emitted: readonly Emitted[]): Effect[] => emitted.flatMap((each) => (each.type === 'effect' ? [each.effect] : []));
