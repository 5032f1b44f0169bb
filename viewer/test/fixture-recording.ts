import { gzipSync } from 'node:zlib';
import type {
  RecordedAccount,
  RecordedChange,
  RecordedOrder,
  RecordedStation,
  RecordedTruck,
  RecordingBlock,
  RecordingHead,
} from '@corridor/protocols/recording/recording.schema';
import { corridorGeometry } from './fixture-geometry.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const STATION = { lat: 38.30179, lon: 117.31184, chainageM: 41_300 };

/** Two hours of a station and three trucks: R1 swaps at half past for 388.40 yuan, R2 and R3 wait behind it, R3 strands in the second hour. */
export const RECORDED = {
  startsAtMs: Date.parse('2026-06-30T16:00:00Z'),
  toMs: 2 * HOUR_MS,
  swapMs: 30 * MINUTE_MS,
  strandMs: 90 * MINUTE_MS,
};

const HEAD: RecordingHead = {
  format: 'corridor-recording',
  version: 2,
  principals: [
    { id: 'C1', name: 'One Carrier', nameZh: '一号承运' },
    { id: 'SO1', name: 'One Operator', nameZh: '一号运营' },
  ],
  scenario: { name: 'a small recording', model: 'full', sha256: 'a'.repeat(64) },
  seed: 7,
  startsAtMs: RECORDED.startsAtMs,
  hasDate: true,
  toMs: RECORDED.toMs,
  everyMs: 1_000,
  gridWhPerContentWh: 1.07,
  pack: { typeCode: 'LFP350', capacityWh: 300_000, sohPercent: 95 },
  stations: [
    { id: 'HH1', name: 'Huanghua', nameZh: '黄骅', ...STATION, direction: 'BOTH', slots: 3, gridLimitW: 2_000_000, meanSwapMs: 300_000 },
  ],
  geometry: corridorGeometry(),
};

const standing = (id: string, atMs: number, state: RecordedTruck['state'], packId: string | null = `P-${id}`): RecordedTruck => ({
  id,
  state,
  stationId: 'HH1',
  packId,
  chainageM: [[atMs, STATION.chainageM]],
  isWestbound: true,
  grossMassKg: 49_000,
});
const driving = (id: string, fromM: number, toMs: number): RecordedTruck => ({
  ...standing(id, 0, 'DRIVING'),
  chainageM: [
    [0, fromM],
    [toMs, STATION.chainageM],
  ],
});
const station = (queue: string[], truckId: string | null, swaps: number): RecordedStation => ({
  id: 'HH1',
  queue,
  readyPacks: truckId === null ? 1 : 0,
  isDark: false,
  swaps,
  bays: [{ truckId, isDown: false, step: truckId === null ? null : 'LIFTING', evseId: null }],
});
const order = (state: 'IN_PROGRESS' | 'CLEARED', updatedMs: number): RecordedOrder => ({
  id: 'HH1-1-a',
  state,
  reason: null,
  initiation: 'LOCAL',
  stationId: 'HH1',
  bayId: 'HH1-B1',
  requestId: 1,
  truckId: 'R1',
  carrierId: 'C1',
  returnPackId: 'P-R1',
  issuePackId: 'P-HH1-1',
  quotedFen: '38840',
  heldFen: '41000',
  payableFen: state === 'CLEARED' ? '38840' : null,
  energyWh: state === 'CLEARED' ? 225_000 : null,
  createdMs: RECORDED.swapMs,
  updatedMs,
});
const accounts = (prepaidFen: number, heldFen: number, incomeFen: number): RecordedAccount[] => [
  { id: 'RAIL_planned', principalId: null, kind: 'RAIL', balanceFen: '-1000000' },
  { id: 'C1_prepaid', principalId: 'C1', kind: 'PREPAID', balanceFen: `${prepaidFen}` },
  { id: 'C1_held', principalId: 'C1', kind: 'HELD', balanceFen: `${heldFen}` },
  { id: 'SO1_income', principalId: 'SO1', kind: 'INCOME', balanceFen: `${incomeFen}` },
];
const hold = (heldFen: string) => ({ orderId: 'HH1-1-a', principalId: 'C1', heldFen, sinceMs: RECORDED.swapMs });
const onTruck = (id: string, ...contentWh: [number, number][]) => ({ id: `P-${id}`, place: { kind: 'TRUCK' as const, id }, contentWh });

const FIRST: RecordedChange = {
  atMs: 0,
  trucks: [driving('R1', 11_300, RECORDED.swapMs), driving('R2', 9_000, RECORDED.swapMs), driving('R3', 8_000, RECORDED.swapMs)],
  packs: [
    onTruck('R1', [0, 240_000], [RECORDED.swapMs, 60_000]),
    onTruck('R2', [0, 200_000], [RECORDED.swapMs, 50_000]),
    onTruck('R3', [0, 200_000]),
    { id: 'P-HH1-1', place: { kind: 'SLOT', id: 'HH1-1' }, contentWh: [[0, 285_000]] },
  ],
  stations: [station([], null, 0)],
  accounts: accounts(1_000_000, 0, 0),
  sun: [{ id: 'HH1', powerW: 90_000 }],
};
const CHANGES: RecordedChange[] = [
  {
    atMs: RECORDED.swapMs,
    trucks: [
      standing('R1', RECORDED.swapMs, 'IN_BAY'),
      standing('R2', RECORDED.swapMs, 'QUEUEING'),
      standing('R3', RECORDED.swapMs, 'QUEUEING'),
    ],
    packs: [{ id: 'P-HH1-1', place: { kind: 'TRANSFER', id: 'HH1-B1' }, contentWh: [[RECORDED.swapMs, 285_000]] }],
    stations: [station(['R2', 'R3'], 'R1', 0)],
    orders: [order('IN_PROGRESS', RECORDED.swapMs)],
    accounts: accounts(959_000, 41_000, 0),
    holds: [hold('41000')],
  },
  {
    atMs: RECORDED.swapMs + 5 * MINUTE_MS,
    trucks: [standing('R1', RECORDED.swapMs, 'PARKED', 'P-HH1-1')],
    packs: [
      { id: 'P-HH1-1', place: { kind: 'TRUCK', id: 'R1' }, contentWh: [[RECORDED.swapMs, 285_000]] },
      {
        id: 'P-R1',
        place: { kind: 'SLOT', id: 'HH1-2' },
        contentWh: [
          [RECORDED.swapMs + 5 * MINUTE_MS, 60_000],
          [RECORDED.swapMs + 5 * MINUTE_MS + HOUR_MS, 280_000],
        ],
      },
    ],
    stations: [station(['R2', 'R3'], null, 1)],
    orders: [order('CLEARED', RECORDED.swapMs + 5 * MINUTE_MS)],
    accounts: accounts(961_160, 0, 38_840),
    holds: [hold('0')],
  },
];
const STRANDED: RecordedChange = {
  atMs: RECORDED.strandMs,
  trucks: [standing('R3', RECORDED.strandMs, 'STRANDED')],
  stations: [station(['R2'], null, 1)],
};

function wholeAt(changes: readonly RecordedChange[]): RecordingBlock['whole'] {
  const latest = <T extends { id: string }>(records: readonly T[]): T[] => [
    ...new Map(records.map((record) => [record.id, record])).values(),
  ];
  return {
    trucks: latest(changes.flatMap(({ trucks = [] }) => trucks)),
    packs: latest(changes.flatMap(({ packs = [] }) => packs)),
    stations: latest(changes.flatMap(({ stations = [] }) => stations)),
    accounts: latest(changes.flatMap(({ accounts: each = [] }) => each)),
    sun: latest(changes.flatMap(({ sun = [] }) => sun)),
  };
}

const BLOCKS: RecordingBlock[] = [
  { kind: 'block', atMs: 0, whole: wholeAt([FIRST]), changes: CHANGES },
  { kind: 'block', atMs: HOUR_MS, whole: wholeAt([FIRST, ...CHANGES]), changes: [STRANDED] },
];
const END = { kind: 'end', blocks: 2, changes: 3 };
const LINES = [HEAD, ...BLOCKS, END];

const textOf = (lines: readonly unknown[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

/** A recording as the planner writes it. */
export const recordingBytes = (): Buffer => gzipSync(textOf(LINES));

/** As the first version wrote it: without orders, money and sun. */
export const firstVersionBytes = (): Buffer => {
  const { principals: _, ...head } = HEAD;
  const blocks = BLOCKS.map(({ whole: { trucks, packs, stations }, changes, ...block }) => ({
    ...block,
    whole: { trucks, packs, stations },
    changes: changes.map((change) => ({ atMs: change.atMs, trucks: change.trucks, packs: change.packs, stations: change.stations })),
  }));
  return gzipSync(textOf([{ ...head, version: 1 }, ...blocks, END]));
};

/** Files that are refused, by why. */
export const refusedBytes = (): Record<'NOT_A_RECORDING' | 'OTHER_VERSION' | 'CUT' | 'DAMAGED', Buffer> => {
  const whole = recordingBytes();
  const damaged = Buffer.from(whole);
  const middle = Math.floor(damaged.length / 2);
  damaged.fill(0xa5, middle, middle + 64);
  return {
    NOT_A_RECORDING: Buffer.from('{"version":1}'),
    OTHER_VERSION: gzipSync(textOf([{ ...HEAD, version: 9 }, ...LINES.slice(1)])),
    CUT: whole.subarray(0, whole.length - 200),
    DAMAGED: damaged,
  };
};
