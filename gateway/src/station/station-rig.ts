import { readFileSync } from 'node:fs';
import type { CommandReply, CommandVerb } from '@corridor/protocols/cmd/command';
import type { NetworkFile, StationDefinition } from '@corridor/protocols/network-file';
import { subject } from '@corridor/protocols/subject';
import { pino } from 'pino';
import { ManualClock } from '../clock/manual-clock.ts';
import type { DryRunState } from '../dry-run/dry-run-state.ts';
import { type DryRunOptions, DryRunStation } from '../dry-run/dry-run-station.ts';
import { Journal, type JournalledEvent } from '../journal/journal.ts';
import type { OfflineCreditConfig } from './offline-credit.ts';
import { createStationCore } from './station-core.ts';
import { StationRuntime } from './station-runtime.ts';

export const NETWORK = JSON.parse(readFileSync(new URL('../../../data/corridor/network.json', import.meta.url), 'utf8')) as NetworkFile;
/** 2026-11-22 10:00 in Shanghai. */
export const START_MS = Date.parse('2026-11-22T10:00:00+08:00');
const STATION = NETWORK.stations.find(({ id }) => id === 'HH1') as StationDefinition;

export type RigEvent = { seq: number; name: string; data: Record<string, unknown>; atMs: number };

/** Name of an event as the tests speak of it: `swap.arrived`, `res`. */
const nameOf = ({ subject: text }: JournalledEvent): string => {
  const tokens = text.split('.');
  return tokens[5] === 'res' ? 'res' : `${tokens[6]}.${tokens[7]}`;
};

/** A whole station without a wire: dry-run equipment on a manual clock, a real journal, and a platform that is played by the test. */
export type Rig = {
  plant: DryRunStation;
  clock: ManualClock;
  runtime: StationRuntime;
  journal: Journal;
  fatal: unknown[];
  telemetry: { kind: string; data: unknown; atMs: number }[];
  events(): RigEvent[];
  swapEvents(): string[];
  command(verb: CommandVerb, args: Record<string, unknown>, commandId?: string): CommandReply;
  /** Answers each identified swap with swap.start for the fullest pack. */
  autoAuthorise(): void;
  stop(): void;
};

export function startRig(options: {
  dir: string;
  clock?: ManualClock;
  plant?: DryRunStation;
  station?: Partial<StationDefinition>;
  offlineCredit?: OfflineCreditConfig;
  failure?: DryRunOptions['failure'];
  onDeparture?: DryRunOptions['onDeparture'];
  state?: DryRunState;
}): Rig {
  const clock = options.clock ?? new ManualClock(START_MS);
  const station = { ...STATION, ...options.station };
  const plant =
    options.plant ??
    new DryRunStation({
      network: NETWORK,
      station,
      clock,
      state: options.state ?? null,
      ...(options.failure ? { failure: options.failure } : {}),
      ...(options.onDeparture ? { onDeparture: options.onDeparture } : {}),
    });
  const journal = Journal.open({ dir: options.dir, stationId: station.id }, (boot) => ({
    subject: subject.stationEvent('live', station.id, 'gateway', 'online'),
    schema: 'evt.gateway.online/1',
    atMs: clock.nowMs(),
    data: { firmware: 'rig', protocol: 'evs.v1', ...boot },
  }));
  const fatal: unknown[] = [];
  const telemetry: Rig['telemetry'] = [];
  const core = createStationCore({
    scope: 'live',
    station,
    journal,
    equipment: plant.equipment,
    procedure: {},
    offlineCredit: options.offlineCredit ?? { truckIds: [], swapsMax: 2 },
    log: pino({ level: 'silent' }),
    fatal: (cause) => fatal.push(cause),
  });
  const runtime = new StationRuntime(core, {
    syncClock: null,
    sendTelemetry: (kind, atMs, data) => telemetry.push({ kind, data, atMs }),
    rttMs: () => null,
  });
  runtime.start();
  let commands = 0;
  const events = () =>
    journal.eventsAfter(0, 100_000).map((event) => ({
      seq: event.seq,
      name: nameOf(event),
      data: JSON.parse(event.dataText) as Record<string, unknown>,
      atMs: event.atMs,
    }));
  const command: Rig['command'] = (verb, args, commandId) => {
    commands += 1;
    return runtime.executor.receive(verb, {
      commandId: commandId ?? `cmd-${journal.bootId}-${commands}`,
      issuedBy: 'test',
      issuedAt: new Date(clock.nowMs()).toISOString(),
      expiresAt: new Date(clock.nowMs() + 3_600_000).toISOString(),
      args,
    });
  };
  const answered = new Set<number>();
  let stopped = false;
  return {
    plant,
    clock,
    runtime,
    journal,
    fatal,
    telemetry,
    events,
    swapEvents: () => events().flatMap(({ name }) => (name.startsWith('swap.') ? [name.slice(5)] : [])),
    command,
    autoAuthorise: () => {
      const answer = () => {
        for (const { record, reservedEvseIds } of stopped ? [] : runtime.bays) {
          if (record?.phase !== 'AUTHORISE' || answered.has(record.requestId)) continue;
          answered.add(record.requestId);
          const taken = runtime.bays.flatMap((bay) => (bay.reservedEvseIds === reservedEvseIds ? [] : bay.reservedEvseIds));
          command('swap.start', startArgs(plant, record.requestId, record.identity?.truckId ?? '', taken));
        }
      };
      const later = () => clock.setTimer(1_000, answer);
      later();
      journal.onAppended(later);
    },
    stop: () => {
      stopped = true;
      runtime.stop();
      journal.close();
    },
  };
}

/** Arguments of a swap.start for the fullest pack of the rack that no other bay counts on. */
export function startArgs(
  plant: DryRunStation,
  requestId: number,
  truckId: string,
  takenEvseIds: readonly number[] = [],
): Record<string, unknown> {
  const slots = plant.equipment.rack.slots().filter(({ pack, evseId }) => pack?.socPercent != null && !takenEvseIds.includes(evseId));
  const fullest = slots.toSorted((a, b) => (b.pack?.socPercent ?? 0) - (a.pack?.socPercent ?? 0))[0];
  const truck = NETWORK.trucks.find(({ id }) => id === truckId);
  const pack = NETWORK.packs.find(({ initial }) => initial.kind === 'TRUCK' && initial.id === truckId);
  return {
    requestId,
    orderId: `order-${requestId}`,
    idToken: { idToken: truck?.vin ?? '', type: 'VIN' },
    truckId,
    plate: truck?.plate ?? '',
    returnPackId: pack?.id ?? null,
    issuePackId: fullest?.pack?.packId ?? 'none',
    issueEvseId: fullest?.evseId ?? 1,
    initiation: requestId % 2 === 0 ? 'REMOTE' : 'LOCAL',
  };
}
