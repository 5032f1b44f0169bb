import { readFileSync } from 'node:fs';
import { assert } from '@corridor/protocols/assert';
import { slotIdOf } from '@corridor/protocols/ids';
import type { NetworkFile, PackDefinition, StationDefinition, TruckDefinition } from '@corridor/protocols/network-file';

/** How big a made-up network is. Packs fill the slots first, then the trucks, one each. */
export interface NetworkSize {
  stations: number;
  slotsPerStation: number;
  trucks: number;
  packs: number;
}

/** 40 % slots, 40 % packs, 20 % trucks; half of the packs are under way. */
export function mixedSize(twins: number): NetworkSize {
  const stations = Math.max(1, Math.round(twins / 1_250));
  const slotsPerStation = Math.round((twins * 0.4) / stations);
  return { stations, slotsPerStation, trucks: Math.round(twins * 0.2), packs: Math.round(twins * 0.4) };
}

const read = (): NetworkFile =>
  JSON.parse(readFileSync(new URL('../../../../data/corridor/network.json', import.meta.url), 'utf8')) as NetworkFile;
const numbered = (prefix: string, index: number, digits: number) => `${prefix}${String(index + 1).padStart(digits, '0')}`;

function cycled<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length];
  assert(item !== undefined, 'nothing to repeat');
  return item;
}

/** The parties, tariffs and contracts of the default corridor with as many stations, packs and trucks as asked for. */
export function largeNetwork(size: NetworkSize): NetworkFile {
  const file = read();
  const { stations: count, slotsPerStation, trucks: truckCount, packs: packCount } = size;
  const inSlots = packCount - truckCount;
  assert(inSlots >= 0 && inSlots <= count * slotsPerStation, 'every truck carries a pack, the rest stands in slots');
  const stations = Array.from({ length: count }, (_, index): StationDefinition => {
    const base = cycled(file.stations, index);
    return { ...base, id: numbered('ST', index, 3), direction: 'BOTH', slots: slotsPerStation, gridLimitW: 4_000_000 };
  });
  const trucks = Array.from({ length: truckCount }, (_, index): TruckDefinition => {
    const base = cycled(file.trucks, index);
    const text = String(index + 1).padStart(5, '0');
    return { ...base, id: `TR${text}`, vin: `LCT4X2BEV261${text}`, plate: `BT${text}`, rfid: `E28000000${text}` };
  });
  const packs = Array.from({ length: packCount }, (_, index): PackDefinition => {
    const base = cycled(file.packs, index);
    const stationIndex = index % count;
    const place =
      index < inSlots
        ? ({ kind: 'SLOT', id: slotIdOf(numbered('ST', stationIndex, 3), Math.floor(index / count) + 1) } as const)
        : ({ kind: 'TRUCK', id: cycled(trucks, index - inSlots).id } as const);
    return { ...base, id: numbered('LFP350-', index, 6), initial: place, initialSocPercent: 60, initialSohPercent: 95 };
  });
  const drivers = trucks.map((truck, index) => ({
    ...cycled(file.drivers, index),
    id: numbered('DR', index, 5),
    carrierId: truck.carrierId,
    idToken: { idToken: numbered('BT-', index, 6), type: 'Central' as const },
    truckIds: [truck.id],
  }));
  return {
    ...file,
    stations,
    trucks,
    packs,
    drivers,
    alliances: file.alliances.map((alliance) => ({ ...alliance, stationIds: stations.map(({ id }) => id) })),
    stationRates: stations.map((station, index) => ({
      ...cycled(file.stationRates, index),
      id: `SR-${station.id}-1`,
      stationId: station.id,
    })),
  };
}
