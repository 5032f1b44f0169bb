import { assert } from './assert.ts';
import { isToken } from './ids.ts';

/**
 * The one place that builds and parses NATS subjects:
 * `evs.v1.<scope>.<station|truck>.<id>.<tele|evt|cmd|res|ack>[.…]` and `evs.v1.<scope>.twin.<entity>.<id>.<event>`.
 */
export const ROOT = 'evs.v1';

export const STATION_TELE_KINDS = ['station', 'slots', 'packs', 'bay', 'meter', 'pv'] as const;
export const TRUCK_TELE_KINDS = ['truck', 'pack'] as const;
export const STATION_EVENT_TOPICS = ['swap', 'charge', 'gateway'] as const;
export const TWIN_ENTITIES = ['order', 'custody', 'alarm', 'clearing', 'asset', 'notification'] as const;
export type StationTeleKind = (typeof STATION_TELE_KINDS)[number];
export type TruckTeleKind = (typeof TRUCK_TELE_KINDS)[number];
export type StationEventTopic = (typeof STATION_EVENT_TOPICS)[number];
export type TwinEntity = (typeof TWIN_ENTITIES)[number];
export const SOURCE_KINDS = ['station', 'truck'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

export type ParsedSubject =
  | { scope: string; source: SourceKind; id: string; lane: 'tele'; kind: string }
  | { scope: string; source: SourceKind; id: string; lane: 'evt'; topic: string; event: string }
  | { scope: string; source: SourceKind; id: string; lane: 'cmd'; topic: string; verb: string }
  | { scope: string; source: SourceKind; id: string; lane: 'res'; commandId: string }
  | { scope: string; source: SourceKind; id: string; lane: 'ack' };

/** `live` or `sim-<runId>`. */
export function isScope(text: string): boolean {
  return text === 'live' || (text.startsWith('sim-') && text.length > 4 && isToken(text));
}

function join(scope: string, ...tokens: string[]): string {
  assert(isScope(scope), `scope "${scope}" is neither live nor sim-<runId>`);
  for (const token of tokens) assert(isToken(token), `"${token}" is not a subject token`);
  return `${ROOT}.${scope}.${tokens.join('.')}`;
}

export const subject = {
  stationTele: (scope: string, stationId: string, kind: StationTeleKind) => join(scope, 'station', stationId, 'tele', kind),
  stationEvent: (scope: string, stationId: string, topic: StationEventTopic, event: string) =>
    join(scope, 'station', stationId, 'evt', topic, event),
  truckTele: (scope: string, truckId: string, kind: TruckTeleKind) => join(scope, 'truck', truckId, 'tele', kind),
  truckEvent: (scope: string, truckId: string, event: string) => join(scope, 'truck', truckId, 'evt', event),
  command: (scope: string, source: SourceKind, id: string, topic: string, verb: string) => join(scope, source, id, 'cmd', topic, verb),
  /** Of `cmd.>`, so that the credential of every gateway covers it. */
  refusalNotice: (scope: string, source: SourceKind, id: string) => join(scope, source, id, 'cmd', 'notify', 'refused'),
  result: (scope: string, source: SourceKind, id: string, commandId: string) => join(scope, source, id, 'res', commandId),
  ack: (scope: string, source: SourceKind, id: string) => join(scope, source, id, 'ack'),
  twin: (scope: string, entity: TwinEntity, id: string, event: string) => join(scope, 'twin', entity, id, event),
  refused: (scope: string, source: string, lane: string) => join(scope, 'twin', 'refused', source, lane),
  clock: (scope: string) => join(scope, 'clock'),
};

/** Subscriptions and stream subjects: the same grammar with wildcards. */
export const filter = {
  commandsOf: (scope: string, source: SourceKind, id: string) => `${join(scope, source, id, 'cmd')}.>`,
  teleOf: (scope: string, source: SourceKind, id: string) => `${join(scope, source, id, 'tele')}.>`,
  /** One per kind of source: `evs.v1.*.*.*.tele.>` would also take what the twin says of a thing named `tele`, and no two streams may overlap. */
  allTele: SOURCE_KINDS.map((source) => `${ROOT}.*.${source}.*.tele.>`),
  allEvents: SOURCE_KINDS.map((source) => `${ROOT}.*.${source}.*.evt.>`),
  allResults: SOURCE_KINDS.map((source) => `${ROOT}.*.${source}.*.res.>`),
  allTwin: TWIN_ENTITIES.map((entity) => `${ROOT}.*.twin.${entity}.>`),
  allRefused: `${ROOT}.*.twin.refused.>`,
};

/** Streams of the contract and what they hold. */
export const STREAMS = {
  TELE: filter.allTele,
  EVT: [...filter.allEvents, ...filter.allResults],
  TWIN: filter.allTwin,
  REFUSED: [filter.allRefused],
} as const;

/** @returns null when the subject is not one of a station's or a truck's. */
export function parseSubject(text: string): ParsedSubject | null {
  const tokens = text.split('.');
  const [evs, version, scope, source, id, lane, first, second] = tokens;
  if (evs !== 'evs' || version !== 'v1' || scope === undefined || !isScope(scope)) return null;
  if ((source !== 'station' && source !== 'truck') || id === undefined || !isToken(id)) return null;
  const head = { scope, source, id } as const;
  if (lane === 'ack') return tokens.length === 6 ? { ...head, lane } : null;
  if (first === undefined || !isToken(first)) return null;
  if (lane === 'tele') return tokens.length === 7 ? { ...head, lane, kind: first } : null;
  if (lane === 'res') return tokens.length === 7 ? { ...head, lane, commandId: first } : null;
  if (lane === 'evt' && source === 'truck') return tokens.length === 7 ? { ...head, lane, topic: 'truck', event: first } : null;
  if (second === undefined || !isToken(second) || tokens.length !== 8) return null;
  if (lane === 'evt') return { ...head, lane, topic: first, event: second };
  if (lane === 'cmd') return { ...head, lane, topic: first, verb: second };
  return null;
}
