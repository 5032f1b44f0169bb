import { setTimeout as sleep } from 'node:timers/promises';
import { Prng } from '@corridor/actors/time/prng';
import type { NetworkFile } from '@corridor/protocols/network-file';
import { subject } from '@corridor/protocols/subject';
import type { StationTelemetry } from '@corridor/protocols/tele/station';
import type { TestPlatform } from '@corridor/testkit/test-platform';
import { jetstream } from '@nats-io/jetstream';
import { packReading, telemetryEnvelope, truckReading } from '../workload/telemetry-source.ts';

/** Stations that report as they do in the field, and trucks that said once where they are. */
export interface Heartbeat extends AsyncDisposable {
  /** Reports of stations so far. */
  sent(): number;
}

const EVERY_MS = 5_000;
const SCOPE = 'live';

export async function startHeartbeat(platform: TestPlatform, file: NetworkFile): Promise<Heartbeat> {
  const nc = await platform.nats.connect(await platform.nats.credentials.issueService('heartbeat'));
  const js = jetstream(nc);
  const prng = new Prng(7);
  const packOn = new Map(file.packs.map((pack) => [pack.initial.id, pack]));
  for (const { id } of file.trucks) {
    const pack = packOn.get(id);
    const head = { src: id, bootId: 1, seq: 1, atMs: Date.now() };
    await js.publish(
      subject.truckTele(SCOPE, id, 'truck'),
      JSON.stringify(telemetryEnvelope('tele.truck', head, truckReading(id, pack?.id ?? null, prng))),
    );
    if (pack === undefined) continue;
    const reading = packReading(pack.id, pack.initial, prng);
    await js.publish(subject.truckTele(SCOPE, id, 'pack'), JSON.stringify(telemetryEnvelope('tele.pack', { ...head, seq: 2 }, reading)));
  }
  let sent = 0;
  const stopped = new AbortController();
  const beat = async (): Promise<void> => {
    for (let seq = 1; !stopped.signal.aborted; seq += 1) {
      for (const { id } of file.stations) {
        if (stopped.signal.aborted) return;
        const head = { src: id, bootId: 1, seq, atMs: Date.now() };
        await js.publish(
          subject.stationTele(SCOPE, id, 'station'),
          JSON.stringify(telemetryEnvelope('tele.station', head, stationReading(id, prng))),
        );
        sent += 1;
        // Spread over the whole interval, as stations are not in step.
        await pause(EVERY_MS / file.stations.length, stopped.signal);
      }
    }
  };
  const beating = beat();
  return {
    sent: () => sent,
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await beating;
      await nc.close();
    },
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (cause) {
    if (!signal.aborted) throw cause;
  }
}

function stationReading(stationId: string, prng: Prng): StationTelemetry['data'] {
  const queueLength = prng.integer(0, 3);
  return {
    stationId,
    state: 'OPERATIVE',
    readyPacks: prng.integer(0, 7),
    chargingPacks: 2,
    emptySlots: 1,
    queueLength,
    estWaitMs: queueLength * 300_000,
    gridPowerW: 400_000,
    gridLimitW: 2_000_000,
    pvPowerW: 0,
    auxPowerW: 5_000,
    activeTariffPeriod: null,
    ambientC: 12,
    windMps: 3,
    commsRttMs: null,
  };
}
