import { positionAt, type RoadProfile } from '@corridor/actors/road/road-profile';
import { Ack } from '@corridor/protocols/cmd/command';
import type { TruckEventData } from '@corridor/protocols/evt/truck';
import { filter, subject } from '@corridor/protocols/subject';
import type { TruckTelemetry } from '@corridor/protocols/tele/truck';
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import { Compile } from 'typebox/compile';
import type { DrivenClock } from '../clock/driven-clock.ts';
import { CommandAnswers } from '../tbox/command-answers.ts';
import { EventLane } from '../tbox/event-lane.ts';
import type { TboxJournal } from '../tbox/tbox-journal.ts';
import { TelemetryLane } from '../tbox/telemetry-lane.ts';
import { jetStreamWire } from '../tbox/wire.ts';
import { pause } from '../traffic/twin-api.ts';
import { foldOntoRoad } from './corridor-fold.ts';
import type { RecordedTrip } from './recorded-trip.ts';
import { type PlannedReport, planTrip } from './trip-plan.ts';

/** Reports are no closer than this, whatever the speed, wall s. */
const WALL_S_MIN = 0.5;

export type ReplayTruckOptions = {
  truckId: string;
  scope: string;
  trips: readonly RecordedTrip[];
  road: RoadProfile;
  clock: DrivenClock;
  journal: TboxJournal;
  nats: { url: string; creds: string };
  /** Recorded seconds that pass in a wall second. */
  speed: number;
  gapSMax: number;
  signal: AbortSignal;
  log: Logger;
};

const ackValidator = Compile(Ack);

/** Plays the trips of one recorded truck, one after the other, as its T-box would have sent them. */
export async function replayTruck(options: ReplayTruckOptions): Promise<void> {
  const { truckId, nats, journal, clock, log } = options;
  const connection = await connect({
    servers: nats.url,
    name: `replay-${truckId}`,
    inboxPrefix: `_INBOX.${truckId}`,
    maxReconnectAttempts: -1,
    waitOnFirstConnect: true,
    authenticator: credsAuthenticator(new TextEncoder().encode(nats.creds)),
  });
  const lane = { truckId, bootId: journal.boot(truckId), wire: jetStreamWire(connection), clock, log };
  const events = new EventLane({ ...lane, journal });
  const telemetry = new TelemetryLane(lane);
  try {
    subscribe(connection, options, events);
    await playTrips(options, events, telemetry);
    await events.settled();
  } finally {
    events.stop();
    await connection.drain();
  }
}

async function playTrips(options: ReplayTruckOptions, events: EventLane, telemetry: TelemetryLane): Promise<void> {
  const { truckId, scope, trips, road, speed, gapSMax, signal, log } = options;
  let startedM = 0;
  announce(options, events, 'online', { at: foldOntoRoad(0, road), tripId: null, report: null });
  for (const trip of trips) {
    const tripId = `${truckId}-${trip.trip}`;
    const plan = planTrip(trip, { gapSMax, everyS: Math.max(10, WALL_S_MIN * speed) });
    const [first] = plan;
    const last = plan.at(-1);
    if (signal.aborted || !first || !last) return;
    announce(options, events, 'trip_started', { at: foldOntoRoad(startedM, road), tripId, report: first });
    log.info({ truckId, trip: trip.trip, km: Math.round(last.distanceM / 1000) }, 'trip begins');
    for (const report of plan) {
      await pause((report.afterS / speed) * 1000, signal);
      if (signal.aborted) break;
      const data = telemetryOf(options, { odometerM: startedM + report.distanceM, tripId, report });
      await telemetry.report(subject.truckTele(scope, truckId, 'truck'), 'tele.truck/1', data, report.q);
    }
    startedM += last.distanceM;
    announce(options, events, 'trip_ended', { at: foldOntoRoad(startedM, road), tripId, report: last });
  }
}

type Place = ReturnType<typeof foldOntoRoad>;

function announce(
  { truckId, scope }: ReplayTruckOptions,
  events: EventLane,
  event: 'online' | 'trip_started' | 'trip_ended',
  { at, tripId, report }: { at: Place; tripId: string | null; report: PlannedReport | null },
): void {
  const data: TruckEventData = {
    truckId,
    tripId,
    direction: at.direction,
    chainageM: Math.round(at.chainageM),
    grossMassKg: null,
    packId: null,
    socPercent: report?.socPercent ?? null,
    detail: 'replayed recording',
  };
  events.publish(subject.truckEvent(scope, truckId, event), `evt.truck.${event}/1`, data);
}

function telemetryOf(
  { truckId, road }: ReplayTruckOptions,
  { odometerM, tripId, report }: { odometerM: number; tripId: string; report: PlannedReport },
): TruckTelemetry['data'] {
  const { chainageM, direction } = foldOntoRoad(odometerM, road);
  const place = positionAt(road, chainageM, direction);
  const rounded = (value: number, digits: number) => Number(value.toFixed(digits));
  return {
    truckId,
    vin: null,
    plate: null,
    lat: rounded(place.lat, 6),
    lon: rounded(place.lon, 6),
    altM: rounded(place.altM, 1),
    chainageM: rounded(chainageM, 1),
    direction,
    speedKmh: rounded(report.speedKmh, 1),
    headingDeg: rounded(place.headingDeg, 1),
    odometerM: Math.round(odometerM),
    vehicleState: report.speedKmh > 0 ? 'DRIVING' : 'PARKED',
    grossMassKg: null,
    packId: null,
    socPercent: report.socPercent,
    socSource: report.socSource,
    packVoltageV: null,
    packCurrentA: null,
    motorPowerW: null,
    auxPowerW: null,
    ambientC: null,
    alarmBits: 0,
    alarmLevel: 0,
    destinationStationId: null,
    tripId,
  };
}

/** A recording takes no orders: commands are answered, notices are not shown to anybody. */
function subscribe(connection: NatsConnection, { scope, truckId, clock, log }: ReplayTruckOptions, events: EventLane): void {
  const answers = new CommandAnswers();
  connection.subscribe(subject.ack(scope, 'truck', truckId), {
    callback: (error, message) => {
      if (error) return log.warn({ truckId, reason: error.message }, 'the server refused a subscription');
      const ack: unknown = JSON.parse(message.string());
      if (ackValidator.Check(ack)) events.confirmed(ack);
    },
  });
  connection.subscribe(filter.commandsOf(scope, 'truck', truckId), {
    callback: (error, message) => {
      if (error) return log.warn({ truckId, reason: error.message }, 'the server refused a subscription');
      const answer = answers.answer('recording', message.string(), clock.nowMs());
      if (answer) message.respond(JSON.stringify(answer.reply));
    },
  });
}
