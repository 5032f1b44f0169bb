import { describe, expect, it } from 'vitest';
import type { RecordedHold, RecordedOrder, RecordingBlock, RecordingHead } from './recording.schema.ts';
import { RecordingReader } from './recording-reader.ts';
import { RecordingRefusedError } from './recording-refusal.ts';
import { slopePerHour, trackAt } from './track.ts';

const HEAD: RecordingHead = {
  format: 'corridor-recording',
  version: 2,
  principals: null,
  scenario: { name: 'one truck', model: 'coarse', sha256: '0'.repeat(64) },
  seed: 1,
  startsAtMs: 0,
  hasDate: true,
  toMs: 7_200_000,
  everyMs: 1_000,
  gridWhPerContentWh: 1.07,
  pack: { typeCode: 'LFP350', capacityWh: 332_500, sohPercent: 95 },
  stations: [],
  geometry: {
    road: [],
    sites: [],
    terrain: { lat0: 0, lon0: 0, latStep: 1, lonStep: 1, rows: 0, columns: 0, altM: [] },
    attribution: [],
  },
};
const pack = (id: string, ...contentWh: [number, number][]) => ({ id, place: { kind: 'TRUCK' as const, id: 'T1' }, contentWh });
const BLOCKS: RecordingBlock[] = [
  {
    kind: 'block',
    atMs: 0,
    whole: { packs: [pack('P1', [0, 100])] },
    changes: [
      { atMs: 1_000, packs: [pack('P1', [1_000, 100], [3_000, 200])] },
      { atMs: 9_000, packs: [pack('P2', [9_000, 7])] },
    ],
  },
  { kind: 'block', atMs: 3_600_000, whole: { packs: [pack('P1', [1_000, 50]), pack('P2', [9_000, 7])] }, changes: [] },
];
const LINES: readonly unknown[] = [HEAD, ...BLOCKS, { kind: 'end', blocks: 2, changes: 2 }];

function read(lines: readonly (object | string)[] | readonly unknown[]) {
  const reader = new RecordingReader();
  for (const line of lines) reader.take(typeof line === 'string' ? line : JSON.stringify(line));
  return reader.recording();
}
function refusal(lines: readonly unknown[]): [string, string] {
  try {
    read(lines);
  } catch (cause) {
    if (cause instanceof RecordingRefusedError) return [cause.code, cause.detail];
    throw cause;
  }
  throw new Error('it was not refused');
}
const withLine = (at: number, line: unknown): unknown[] => LINES.map((each, index) => (index === at ? line : each));

describe('a recording', () => {
  it('is at any instant what its block and the changes since then say', () => {
    const recording = read(LINES);
    const heldAt = (atMs: number) => trackAt(recording.stateAt(atMs).packs.get('P1')?.contentWh ?? [], atMs);
    expect([0, 999, 1_000, 2_000, 3_000, 3_599_999, 3_600_000, 9_999_999].map(heldAt)).toEqual([100, 100, 100, 150, 200, 200, 50, 50]);
    expect(recording.stateAt(8_999).packs.has('P2')).toBe(false);
    expect(recording.stateAt(9_000).packs.has('P2')).toBe(true);
    expect([recording.nextBlockMs(0), recording.nextBlockMs(3_600_000)]).toEqual([3_600_000, null]);
  });

  it('keeps orders as long as they move, and those that are over apart, with what was billed until then', () => {
    const order = (id: string, state: string, payableFen: string | null): RecordedOrder => ({
      id,
      state,
      payableFen,
      reason: null,
      initiation: 'LOCAL',
      stationId: 'HH1',
      bayId: 'HH1-B1',
      requestId: 1,
      truckId: 'T1',
      carrierId: 'C1',
      returnPackId: null,
      issuePackId: null,
      quotedFen: '900',
      heldFen: '1000',
      energyWh: 70,
      createdMs: 0,
      updatedMs: 0,
    });
    const hold = (heldFen: string): RecordedHold => ({ orderId: 'O1', principalId: 'C1', heldFen, sinceMs: 0 });
    const recording = read([
      HEAD,
      {
        kind: 'block',
        atMs: 0,
        whole: {
          orders: [order('O1', 'HELD', null), order('O2', 'ABNORMAL', null)],
          holds: [hold('1000')],
          sun: [{ id: 'HH1', powerW: 5 }],
        },
        changes: [{ atMs: 1_000, orders: [order('O1', 'CLEARED', '900')], holds: [hold('0')], sun: [{ id: 'HH1', powerW: 0 }] }],
      },
      { kind: 'block', atMs: 2_000, whole: { orders: [order('O2', 'ABNORMAL', null), order('O3', 'REJECTED', null)] }, changes: [] },
      { kind: 'end', blocks: 2, changes: 1 },
    ]);
    const at = (atMs: number) => {
      const { orders, holds, sunW } = recording.stateAt(atMs);
      return [[...orders.keys()], holds.size, sunW.get('HH1'), recording.ended.until(atMs, 2).map(({ id }) => id)];
    };
    expect([at(999), at(1_000), at(2_000)]).toEqual([
      [['O1', 'O2'], 1, 5, []],
      [['O2'], 0, 0, ['O1']],
      [['O2'], 0, undefined, ['O1', 'O3']],
    ]);
    expect(recording.ended.until(2_000, 1).map(({ id }) => id)).toEqual(['O3']);
    expect([999, 1_000, 9_000].map((atMs) => recording.ended.billedUntil(atMs))).toEqual([
      { payableFen: 0n, energyWh: 0 },
      { payableFen: 900n, energyWh: 70 },
      { payableFen: 900n, energyWh: 70 },
    ]);
  });

  it('is read as far as it goes when it is of the first version, which knew no money', () => {
    const { principals: _, ...first } = HEAD;
    const recording = read([{ ...first, version: 1 }, ...LINES.slice(1)]);
    expect([recording.head.version, recording.head.principals, recording.stateAt(0).packs.size]).toEqual([2, null, 1]);
    expect(refusal(withLine(0, { ...HEAD, version: 1 }))[0]).toBe('DAMAGED');
  });

  it('tells how fast a quantity changes', () => {
    const track = [
      [0, 0],
      [3_600_000, 240_000],
      [7_200_000, 240_000],
    ] as const;
    expect([-1, 0, 1_800_000, 3_600_000, 9_000_000].map((atMs) => slopePerHour(track, atMs))).toEqual([0, 240_000, 240_000, 0, 0]);
    expect(trackAt([], 5)).toBeNull();
  });
});

describe('refuses', () => {
  it.each([
    ['what is no JSON', ['once upon a time'], ['NOT_A_RECORDING', '']],
    ['what is of another kind', [{ version: 1, runs: [] }], ['NOT_A_RECORDING', '']],
    ['an empty file', [], ['NOT_A_RECORDING', '']],
    ['another version', withLine(0, { ...HEAD, version: 3 }), ['OTHER_VERSION', '3']],
    ['a version that is none', withLine(0, { format: 'corridor-recording' }), ['OTHER_VERSION', 'null']],
    ['a file without its end', LINES.slice(0, -1), ['CUT', 'line 3']],
    ['a file that is only its head', LINES.slice(0, 1), ['CUT', 'line 1']],
    ['a line that is cut', withLine(2, '{"kind":"bl'), ['DAMAGED', 'line 3: no JSON']],
    ['a missing block', LINES.filter((_, index) => index !== 2), ['DAMAGED', 'line 3: lines are missing']],
    ['blocks in another order', [HEAD, BLOCKS[1], BLOCKS[0]], ['DAMAGED', 'line 3: /atMs: blocks out of order']],
    ['something after the end', [...LINES, BLOCKS[0]], ['DAMAGED', 'line 5: something follows the end']],
  ])('%s', (_, lines, expected) => {
    expect(refusal(lines)).toEqual(expected);
  });

  it('fields that are wrong, with line and path', () => {
    const [first] = BLOCKS;
    expect(refusal(withLine(0, { ...HEAD, seed: 'one' }))).toEqual(['DAMAGED', 'line 1: /seed: must be integer']);
    const [code, detail] = refusal(
      withLine(1, { ...first, whole: { packs: [{ ...pack('P1', [0, 1]), place: { kind: 'MOON', id: 'x' } }] } }),
    );
    expect([code, detail.startsWith('line 2: /whole/packs/0/place/kind: ')]).toEqual(['DAMAGED', true]);
  });
});
