import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Database } from '../../db/db.ts';
import type { LiveScene } from '../../projection/live-scene.ts';
import { localDayStartMs } from '../../projection/local-date.ts';
import type { Rights } from '../../projection/rights.ts';
import { readAs } from '../../rights/read-as.ts';
import { IdParams } from '../assets/assets.routes.ts';
import { rightsOfRequest } from '../caller.ts';
import { notFound, ProblemError } from '../problem.ts';
import { type OwnedAsset, readerOf } from './may-read.ts';

const HistoryQuery = Type.Object({
  from: Type.String({ format: 'date-time' }),
  until: Type.String({ format: 'date-time' }),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 1_000 })),
});
const HistoryView = Type.Object({ items: Type.Array(Type.Record(Type.String(), Type.Unknown())), truncated: Type.Boolean() });
const LIMIT_DEFAULT = 1_000;
const SPAN_MS_MAX = 31 * 24 * 3_600_000;

interface Series {
  readonly path: string;
  readonly table: string;
  readonly key: string;
  readonly columns: readonly string[];
  readonly asset: OwnedAsset;
}

/** Fields are named as in the messages; `at` is when it was, scope time. */
const SERIES: readonly Series[] = [
  {
    path: 'stations',
    table: 'seen_telemetry_station',
    asset: 'STATION',
    key: 'station_id',
    columns: [
      'state',
      'ready_packs',
      'charging_packs',
      'empty_slots',
      'queue_length',
      'est_wait_ms',
      'grid_power_w',
      'grid_limit_w',
      'pv_power_w',
      'aux_power_w',
      'ambient_c',
      'wind_mps',
    ],
  },
  {
    path: 'packs',
    table: 'seen_telemetry_pack',
    asset: 'PACK',
    key: 'pack_id',
    columns: [
      'location_kind',
      'location_id',
      'soc_percent',
      'soh_percent',
      'energy_wh',
      'voltage_v',
      'current_a',
      'power_w',
      'cell_tmax_c',
      'cell_tmin_c',
      'cycles',
      'throughput_wh',
    ],
  },
  {
    path: 'trucks',
    table: 'seen_telemetry_truck',
    asset: 'TRUCK',
    key: 'truck_id',
    columns: [
      'lat',
      'lon',
      'alt_m',
      'chainage_m',
      'direction',
      'speed_kmh',
      'heading_deg',
      'odometer_m',
      'vehicle_state',
      'gross_mass_kg',
      'pack_id',
      'soc_percent',
      'soc_source',
      'motor_power_w',
      'ambient_c',
      'trip_id',
    ],
  },
];

/** Slots are known by station and number; their series has both. */
const SLOT_COLUMNS = [
  'slot_state',
  'pack_id',
  'charging_state',
  'setpoint_w',
  'power_w',
  'voltage_v',
  'current_a',
  'meter_wh',
  'plug_temp_c',
];

export interface HistoryRoutesOptions {
  database: Database;
  platformId: string;
  scene: LiveScene;
}

export const historyRoutes: FastifyPluginAsyncTypebox<HistoryRoutesOptions> = async (app, { database, platformId, scene }) => {
  const query = async (rights: Rights, text: string, values: readonly unknown[], limit: number) => {
    const { rows } = await readAs(database, rights).query<{ [column: string]: unknown }>({ text, values: [...values, limit + 1] });
    return { items: rows.slice(0, limit).map(namedAsInMessages), truncated: rows.length > limit };
  };
  const mayRead = readerOf({ database, platformId, scene });
  for (const series of SERIES) {
    const { path, table, key, columns } = series;
    app.get(
      `/${path}/:id/history`,
      {
        config: { serviceScope: 'network:read' },
        schema: {
          tags: [path],
          summary: 'Readings of a time span, oldest first',
          params: IdParams,
          querystring: HistoryQuery,
          response: { 200: HistoryView },
        },
      },
      async (request) => {
        const { id } = request.params;
        const rights = rightsOfRequest(request);
        if (!(await mayRead(rights, series.asset, id))) throw notFound(path.slice(0, -1), id);
        const { from, until, limit = LIMIT_DEFAULT } = span(request.query);
        return query(
          rights,
          `select ts_event as at, ${columns.join(', ')}, backfill, q from ${table}
            where platform_id = $1 and ${key} = $2 and ts_event >= $3 and ts_event < $4 order by ts_event, boot_id, seq limit $5`,
          [platformId, id, rights.kind === 'DRIVER' ? sinceToday(from, scene.live.nowMs()) : from, until],
          limit,
        );
      },
    );
  }
  app.get(
    '/slots/:id/history',
    {
      config: { serviceScope: 'network:read' },
      schema: {
        tags: ['slots'],
        summary: 'Readings of a time span, oldest first',
        params: IdParams,
        querystring: HistoryQuery,
        response: { 200: HistoryView },
      },
    },
    async (request) => {
      const { id } = request.params;
      const rights = rightsOfRequest(request);
      const slot = scene.slotFor(id, rights);
      if (slot === null) throw notFound('slot', id);
      const { from, until, limit = LIMIT_DEFAULT } = span(request.query);
      return query(
        rights,
        `select ts_event as at, ${SLOT_COLUMNS.join(', ')}, backfill, q from seen_telemetry_slot
          where platform_id = $1 and station_id = $2 and evse_id = $3 and ts_event >= $4 and ts_event < $5 order by ts_event, boot_id, seq limit $6`,
        [platformId, slot.stationId, slot.evseId, from, until],
        limit,
      );
    },
  );
};

/** A driver is bound to a truck for the day: what it did before is not his. */
export const sinceToday = (from: string, nowMs: number): string =>
  new Date(Math.max(Date.parse(from), localDayStartMs(nowMs))).toISOString();

export function span<T extends { from: string; until: string }>(query: T): T {
  const lengthMs = Date.parse(query.until) - Date.parse(query.from);
  if (!(lengthMs > 0 && lengthMs <= SPAN_MS_MAX)) throw new ProblemError(400, 'SPAN_INVALID', 'until must lie after from, at most 31 days');
  return query;
}

/** `soc_percent` -> `socPercent`; bigint as a number where it is exact, else as text. */
function namedAsInMessages(row: { [column: string]: unknown }): { [field: string]: unknown } {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value instanceof Date ? value.toISOString() : typeof value === 'bigint' ? exact(value) : value,
    ]),
  );
}

const exact = (value: bigint): number | string => (Number.isSafeInteger(Number(value)) ? Number(value) : value.toString());
