import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from './assert.ts';
import { isToken } from './ids.ts';
import {
  filter,
  isScope,
  parseSubject,
  STATION_EVENT_TOPICS,
  STATION_TELE_KINDS,
  STREAMS,
  subject,
  TRUCK_TELE_KINDS,
  TWIN_ENTITIES,
} from './subject.ts';

const token = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
const scope = fc.oneof(fc.constant('live'), fc.stringMatching(/^sim-[A-Za-z0-9_-]{1,60}$/));
const source = fc.constantFrom('station' as const, 'truck' as const);

/** NATS matching of a filter, written anew so that it can disagree with the product. */
function matches(pattern: string, text: string): boolean {
  const wanted = pattern.split('.');
  const got = text.split('.');
  for (const [i, part] of wanted.entries()) {
    if (part === '>') return got.length > i;
    if (got[i] === undefined || (part !== '*' && part !== got[i])) return false;
  }
  return wanted.length === got.length;
}

describe('subjects', () => {
  it('station telemetry and events parse back to what they were built from', () => {
    fc.assert(
      fc.property(scope, token, fc.constantFrom(...STATION_TELE_KINDS), (scope, id, kind) => {
        expect(parseSubject(subject.stationTele(scope, id, kind))).toEqual({ scope, source: 'station', id, lane: 'tele', kind });
      }),
    );
    fc.assert(
      fc.property(scope, token, fc.constantFrom(...STATION_EVENT_TOPICS), token, (scope, id, topic, event) => {
        expect(parseSubject(subject.stationEvent(scope, id, topic, event))).toEqual({
          scope,
          source: 'station',
          id,
          lane: 'evt',
          topic,
          event,
        });
      }),
    );
  });

  it('truck telemetry and events parse back', () => {
    fc.assert(
      fc.property(scope, token, fc.constantFrom(...TRUCK_TELE_KINDS), token, (scope, id, kind, event) => {
        expect(parseSubject(subject.truckTele(scope, id, kind))).toEqual({ scope, source: 'truck', id, lane: 'tele', kind });
        expect(parseSubject(subject.truckEvent(scope, id, event))).toEqual({
          scope,
          source: 'truck',
          id,
          lane: 'evt',
          topic: 'truck',
          event,
        });
      }),
    );
  });

  it('commands, results and acks parse back', () => {
    fc.assert(
      fc.property(scope, source, token, token, token, (scope, source, id, topic, verb) => {
        const head = { scope, source, id };
        expect(parseSubject(subject.command(scope, source, id, topic, verb))).toEqual({ ...head, lane: 'cmd', topic, verb });
        expect(parseSubject(subject.result(scope, source, id, verb))).toEqual({ ...head, lane: 'res', commandId: verb });
        expect(parseSubject(subject.ack(scope, source, id))).toEqual({ ...head, lane: 'ack' });
      }),
    );
  });

  it('the id is always the fifth token', () => {
    fc.assert(
      fc.property(scope, source, token, (scope, source, id) => {
        for (const text of [
          subject.ack(scope, source, id),
          subject.result(scope, source, id, 'c'),
          subject.command(scope, source, id, 'a', 'b'),
        ])
          expect(text.split('.')[4]).toBe(id);
      }),
    );
  });

  it('building with anything but a token is a bug and throws: no subject can be smuggled in through an id', () => {
    const notToken = fc.string().filter((text) => !isToken(text));
    fc.assert(
      fc.property(notToken, (bad) => {
        expect(() => subject.stationTele('live', bad, 'station')).toThrow(InvariantError);
      }),
    );
    for (const bad of ['', '*', '>', 'a.b', 'a b', 'ä', 'x'.repeat(65), 'HH1\n', 'HH1 '])
      expect(() => subject.ack('live', 'station', bad)).toThrow(InvariantError);
  });

  it('a scope is live or sim-<runId>', () => {
    for (const bad of ['', 'prod', 'sim-', 'sim', 'LIVE', 'sim-a.b', 'sim-*', `sim-${'x'.repeat(61)}`]) {
      expect(isScope(bad)).toBe(false);
      expect(() => subject.clock(bad)).toThrow(InvariantError);
    }
  });

  it('foreign, cut and lengthened subjects parse to null', () => {
    const bad = [
      '',
      'evs',
      'evs.v1.live',
      'evs.v2.live.station.HH1.ack',
      'evs.v1.prod.station.HH1.ack',
      'evs.v1.live.depot.HH1.ack',
      'evs.v1.live.station.HH1',
      'evs.v1.live.station.HH1.ack.more',
      'evs.v1.live.station.HH1.tele',
      'evs.v1.live.station.HH1.tele.station.more',
      'evs.v1.live.station.HH1.evt.swap',
      'evs.v1.live.station.HH1.evt.swap.arrived.more',
      'evs.v1.live.truck.T001.evt.swap.arrived',
      'evs.v1.live.station.HH 1.ack',
      'evs.v1.live.station.*.ack',
      'evs.v1.live.station.HH1.res.>',
      'evs.v1.live.clock',
      'evs.v1.live.twin.order.O1.billed',
    ];
    for (const text of bad) expect(parseSubject(text), text).toBeNull();
  });

  it('parsing never throws, and what parses is built from tokens', () => {
    const mangled = fc.array(
      fc.oneof(token, fc.constantFrom('evs', 'v1', 'live', 'station', 'truck', 'tele', 'evt', 'cmd', 'res', 'ack', '*', '>', '')),
      {
        maxLength: 10,
      },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          mangled.map((tokens) => tokens.join('.')),
        ),
        (text) => {
          const parsed = parseSubject(text);
          if (parsed) expect(isToken(parsed.id)).toBe(true);
        },
      ),
    );
  });

  it('each subject of the contract falls into exactly one stream, commands, acks and the clock into none', () => {
    const streamsOf = (text: string) => Object.entries(STREAMS).filter(([, filters]) => filters.some((pattern) => matches(pattern, text)));
    const names = (text: string) => streamsOf(text).map(([name]) => name);
    for (const at of ['live', 'sim-7']) {
      expect(names(subject.stationTele(at, 'HH1', 'packs'))).toEqual(['TELE']);
      expect(names(subject.truckTele(at, 'T001', 'truck'))).toEqual(['TELE']);
      expect(names(subject.stationEvent(at, 'HH1', 'swap', 'arrived'))).toEqual(['EVT']);
      expect(names(subject.truckEvent(at, 'T001', 'online'))).toEqual(['EVT']);
      expect(names(subject.result(at, 'station', 'HH1', 'c1'))).toEqual(['EVT']);
      for (const entity of TWIN_ENTITIES) expect(names(subject.twin(at, entity, 'x', 'y'))).toEqual(['TWIN']);
      expect(names(subject.refused(at, 'HH1', 'evt'))).toEqual(['REFUSED']);
      for (const none of [subject.command(at, 'station', 'HH1', 'swap', 'start'), subject.ack(at, 'truck', 'T001'), subject.clock(at)])
        expect(names(none)).toEqual([]);
    }
  });

  it('the filters of one source take its own subjects only', () => {
    const own = filter.commandsOf('live', 'station', 'HH1');
    expect(matches(own, subject.command('live', 'station', 'HH1', 'swap', 'start'))).toBe(true);
    expect(matches(own, subject.command('live', 'station', 'HH2', 'swap', 'start'))).toBe(false);
    expect(matches(own, subject.command('sim-1', 'station', 'HH1', 'swap', 'start'))).toBe(false);
    expect(matches(filter.teleOf('live', 'truck', 'T001'), subject.truckTele('live', 'T001', 'pack'))).toBe(true);
  });

  it('no two streams can hold the same subject: the server refuses streams that overlap', () => {
    const overlap = (one: string, other: string): boolean => {
      const [a, b] = [one.split('.'), other.split('.')];
      for (let at = 0; ; at += 1) {
        const [x, y] = [a[at], b[at]];
        if (x === '>' || y === '>') return x !== undefined && y !== undefined;
        if (x === undefined || y === undefined) return x === y;
        if (x !== y && x !== '*' && y !== '*') return false;
      }
    };
    const all = Object.values(STREAMS).flat();
    for (const [at, one] of all.entries())
      for (const other of all.slice(at + 1)) expect([one, other, overlap(one, other)]).toEqual([one, other, false]);
  });
});
