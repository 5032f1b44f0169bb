import { slotIdOf } from '@corridor/protocols/ids';
import type { BayTelemetry } from '@corridor/protocols/tele/bay';
import type { PvTelemetry } from '@corridor/protocols/tele/meter';
import type { PackReading } from '@corridor/protocols/tele/packs';
import type { SlotReading } from '@corridor/protocols/tele/slots';
import type { StationTelemetry } from '@corridor/protocols/tele/station';
import type { TruckTelemetry } from '@corridor/protocols/tele/truck';
import type { Db } from '../db/db.ts';
import { LatestReports, type Report } from '../projection/latest-reports.ts';
import { BAY, PACK, PV, SLOT, STATION, TRUCK } from './report-columns.ts';

interface LastRow {
  [column: string]: unknown;
  /** The entity, by its id; of a slot its station. */
  about: string;
  /** Station or truck that sent it. */
  sender: string;
  ts_event: Date;
  boot_id: number;
  seq: bigint;
  q: string[];
  content: unknown;
}

interface Asked {
  readonly table: string;
  /** Table of the entities, as `e`. */
  readonly entities: string;
  /** What makes a reading `x` one of the entity `e`. */
  readonly join: string;
  /** Columns of the entity: what it is called. */
  readonly about: string;
  readonly content: string;
  /** Who sent the reading `t`. */
  readonly sender: string;
}

const byKey = (key: string): string => `x.${key} = e.${key}`;
const OF_STATION = 'e.station_id';
const ASKED = {
  truck: {
    table: 'telemetry_truck',
    entities: 'truck',
    join: byKey('truck_id'),
    about: 'e.truck_id',
    content: TRUCK,
    sender: 'e.truck_id',
  },
  pack: { table: 'telemetry_pack', entities: 'pack', join: byKey('pack_id'), about: 'e.pack_id', content: PACK, sender: 't.src' },
  slot: {
    table: 'telemetry_slot',
    entities: 'slot',
    join: `${byKey('station_id')} and ${byKey('evse_id')}`,
    about: 'e.station_id',
    content: SLOT,
    sender: OF_STATION,
  },
  station: {
    table: 'telemetry_station',
    entities: 'station',
    join: byKey('station_id'),
    about: 'e.station_id',
    content: STATION,
    sender: OF_STATION,
  },
  bay: { table: 'telemetry_bay', entities: 'bay', join: byKey('bay_id'), about: 'e.bay_id', content: BAY, sender: OF_STATION },
  pv: {
    table: 'telemetry_meter',
    entities: 'station',
    join: `${byKey('station_id')} and x.meter_id = e.station_id || '-PV'`,
    about: 'e.station_id',
    content: PV,
    sender: OF_STATION,
  },
} as const satisfies Record<string, Asked>;

/** Last row of each entity up to $2: one look into the index of the time series for each. What came late does not speak for the state. */
const lastOf = ({ table, entities, join, about, content, sender }: Asked): string => `
  select ${about} as about, ${sender} as sender, t.ts_event, t.boot_id, t.seq, t.q, json_build_object(${content}) as content
    from ${entities} e
    cross join lateral (select * from ${table} x where x.platform_id = e.platform_id and ${join} and x.ts_event <= $2
                         order by x.ts_event desc, x.boot_id desc, x.seq desc limit 1) t
   where e.platform_id = $1`;

/**
 * What was reported last up to an instant: before a restart, so that the scene is not empty until everybody has spoken again; or of a past
 * scene. @param until scope time; null: whatever there is
 */
export async function loadReports(db: Db, platformId: string, until: Date | null): Promise<LatestReports> {
  const reports = new LatestReports();
  const put = async <Data>(asked: Asked, into: Map<string, Report<Data>>, idOf: (row: LastRow) => string): Promise<void> => {
    const { rows } = await db.query<LastRow>({ text: lastOf(asked), values: [platformId, until ?? 'infinity'] });
    for (const row of rows) {
      into.set(idOf(row), reportOf(row, row.content as Data));
      const source = reports.truck.has(row.sender) ? `truck:${row.sender}` : `station:${row.sender}`;
      const seenMs = reports.lastSeenMs.get(source) ?? Number.NEGATIVE_INFINITY;
      reports.lastSeenMs.set(source, Math.max(seenMs, row.ts_event.getTime()));
    }
  };
  const about = (row: LastRow): string => row.about;
  // Trucks first: by these a sender is known as one.
  await put<TruckTelemetry['data']>(ASKED.truck, reports.truck, about);
  await put<PackReading>(ASKED.pack, reports.pack, about);
  await put<SlotReading>(ASKED.slot, reports.slot, ({ about: stationId, content }) => slotIdOf(stationId, (content as SlotReading).evseId));
  await put<StationTelemetry['data']>(ASKED.station, reports.station, about);
  await put<BayTelemetry['data']>(ASKED.bay, reports.bay, about);
  await put<PvTelemetry['data']>(ASKED.pv, reports.pv, about);
  return reports;
}

const reportOf = <Data>({ ts_event, boot_id, seq, q }: LastRow, data: Data): Report<Data> => ({
  atMs: ts_event.getTime(),
  bootId: boot_id,
  seq: Number(seq),
  q,
  data,
});
