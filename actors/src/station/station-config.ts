import type { StationDefinition } from '@corridor/protocols/network-file';
import type { Emitted } from '../network/effect.ts';
import { effect } from '../network/outgoing.ts';
import type { Reference } from '../network/reference.ts';
import { localDateOf } from '../tariff/local-time.ts';
import { boundaryMinutesOf } from '../tariff/time-of-use.ts';

const CONFIG_VALID_MS = 3_600_000;

/**
 * What a gateway is told each time it comes online: when packs are ready, and the minutes at which it reports its
 * registers.
 */
export function configure(stationId: string, reference: Reference, atMs: number): Emitted[] {
  const station = reference.station(stationId);
  return station === undefined ? [] : [configCommand(station, reference, atMs)];
}

function configCommand(station: StationDefinition, reference: Reference, atMs: number): Emitted {
  const tariff = reference.tariffOf(station.id, localDateOf(atMs));
  const minutes = tariff === undefined ? [] : boundaryMinutesOf(tariff);
  return effect({
    type: 'command.issued',
    atMs,
    commandId: `${station.id}-config-${atMs.toString(36)}`,
    source: 'station',
    id: station.id,
    issuedBy: 'platform',
    expiresAtMs: atMs + CONFIG_VALID_MS,
    orderId: null,
    verb: 'config.set',
    args: {
      values: {
        targetSocPercent: station.targetSocPercent,
        maxSocPercent: station.maxSocPercent,
        ...(minutes.length > 0 ? { tariffBoundariesMinute: minutes } : {}),
      },
    },
  });
}
