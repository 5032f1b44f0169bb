import { ORDER_STATES } from '@corridor/actors/network/effect';
import { REFUSALS } from '@corridor/protocols/decode';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { TWIN_REFUSALS } from '../ingest/event-intake.ts';
import type { Facts } from '../projection/facts.ts';
import { INPUT_KINDS } from '../writer/input-name.ts';

/** What the platform measures of itself, for Prometheus. Times in seconds, as Prometheus wants them. */
export interface Metrics {
  readonly registry: Registry;
  readonly refused: Counter<'reason'>;
  readonly duplicates: Counter<'lane'>;
  readonly rereads: Counter;
  readonly gaps: Counter<'outcome'>;
  readonly events: Counter;
  readonly readings: Counter<'table'>;
  readonly readingsLate: Counter;
  /** About assets that are not registered, by source. */
  readonly readingsUnknown: Counter<'source'>;
  /** About packs that others hold, by source. */
  readonly readingsForeign: Counter<'source'>;
  readonly batches: Histogram;
  readonly batchInputs: Histogram;
  readonly commitRetries: Counter;
  readonly eventDelay: Histogram;
  readonly telemetryDelay: Histogram;
  readonly flushDelay: Histogram;
  readonly undelivered: Counter<'event'>;
  readonly overflows: Counter;
  readonly passedOver: Counter<'kind'>;
}

/** What is read when somebody asks. */
export interface Gauges {
  facts: Facts;
  backlog: () => number;
  actors: () => number;
  clients: () => number;
  commandsOpen: () => number;
  telemetryWaiting: () => number;
  /** Events that wait for a missing one of their source. */
  eventsParked: () => number;
  timeHeld: () => boolean;
  /** By source [scope ms]; 0 while its clock is not known to be wrong. */
  skewsMs: () => ReadonlyMap<string, number>;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const counter = (name: string, help: string) => new Counter({ name: `corridor_${name}`, help, registers });
  const bySource = (name: string, help: string) => new Counter({ name: `corridor_${name}`, help, labelNames: ['source'], registers });
  const histogram = (name: string, help: string, buckets: number[] = SECONDS) =>
    new Histogram({ name: `corridor_${name}`, help, buckets, registers });
  const refused = new Counter({ name: 'corridor_refused_total', help: 'Messages that were refused', labelNames: ['reason'], registers });
  for (const reason of [...REFUSALS, ...TWIN_REFUSALS]) refused.inc({ reason }, 0);
  const passedOver = new Counter({
    name: 'corridor_passed_over_total',
    help: 'Inputs that the writer did not take, because it had failed on them twice',
    labelNames: ['kind'],
    registers,
  });
  for (const kind of INPUT_KINDS) passedOver.inc({ kind }, 0);
  return {
    registry,
    refused,
    duplicates: new Counter({ name: 'corridor_duplicates_total', help: 'Messages that came again', labelNames: ['lane'], registers }),
    rereads: counter('rereads_total', 'Events dealt with before that the platform read again, as each start does'),
    gaps: new Counter({ name: 'corridor_gaps_total', help: 'Gaps in the numbers of a source', labelNames: ['outcome'], registers }),
    events: counter('events_total', 'Events taken'),
    readings: new Counter({ name: 'corridor_readings_total', help: 'Readings written', labelNames: ['table'], registers }),
    readingsLate: counter('readings_late_total', 'Telemetry messages more than 30 s late'),
    readingsUnknown: bySource('readings_unknown_total', 'Readings of packs, slots and bays that are not registered: refused'),
    readingsForeign: bySource('readings_foreign_total', 'Readings of packs that somebody else holds: kept in history, not in the state'),
    batches: histogram('batch_seconds', 'Time from the first step of a batch to its commit'),
    batchInputs: histogram('batch_inputs', 'Inputs in a batch', [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000]),
    commitRetries: counter('commit_retries_total', 'Commits that had to be asked about or tried again'),
    eventDelay: histogram('event_delay_seconds', 'From the stream to the commit, events'),
    telemetryDelay: histogram('telemetry_delay_seconds', 'From the stream to the commit, telemetry'),
    flushDelay: histogram('flush_delay_seconds', 'From a change to its flush to the WebSockets'),
    undelivered: new Counter({
      name: 'corridor_undelivered_total',
      help: 'Messages to actors that do not exist',
      labelNames: ['event'],
      registers,
    }),
    overflows: counter(
      'events_overflow_total',
      'Events dropped because too many of their source wait for a missing one; they are sent again',
    ),
    passedOver,
  };
}

export function registerGauges({ registry }: Metrics, gauges: Gauges): void {
  const add = (gauge: Gauge): void => registry.registerMetric(gauge);
  const read = (name: string, help: string, value: () => number): void =>
    add(
      new Gauge({
        name: `corridor_${name}`,
        help,
        registers: [],
        collect() {
          this.set(value());
        },
      }),
    );
  read('backlog', 'Inputs that wait for the writer', gauges.backlog);
  read('actors', 'Actors', gauges.actors);
  read('ws_clients', 'WebSocket clients', gauges.clients);
  read('commands_open', 'Commands not answered yet', gauges.commandsOpen);
  read('telemetry_waiting', 'Readings that wait to be written', gauges.telemetryWaiting);
  read('events_parked', 'Events that wait for a missing one of their source', gauges.eventsParked);
  read('time_held', '1 while time stands still because events may wait in the stream', () => (gauges.timeHeld() ? 1 : 0));
  add(ordersByState(gauges.facts));
  add(openAlarms(gauges.facts));
  add(clockSkews(gauges.skewsMs));
}

function ordersByState(facts: Facts): Gauge {
  return new Gauge({
    name: 'corridor_orders_total',
    help: 'Orders by state',
    labelNames: ['state'],
    registers: [],
    collect() {
      for (const state of ORDER_STATES) this.set({ state }, facts.ordersByState.get(state) ?? 0);
    },
  });
}

function clockSkews(skewsMs: Gauges['skewsMs']): Gauge {
  return new Gauge({
    name: 'corridor_clock_skew_seconds',
    help: 'How far the clock of a source is ahead of the scope; 0 while it is not known to be wrong',
    labelNames: ['source'],
    registers: [],
    collect() {
      for (const [source, offsetMs] of skewsMs()) this.set({ source }, offsetMs / 1_000);
    },
  });
}

function openAlarms(facts: Facts): Gauge {
  return new Gauge({
    name: 'corridor_alarms_open',
    help: 'Alarms that are not cleared',
    labelNames: ['level'],
    registers: [],
    collect() {
      const alarms = [...facts.alarms.values()];
      for (const level of [1, 2, 3]) this.set({ level }, alarms.filter(({ raised }) => raised.level === level).length);
    },
  });
}
