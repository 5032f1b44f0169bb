import { Prng } from '@corridor/actors/time/prng';
import { assert } from '@corridor/protocols/assert';
import { slotIdOf } from '@corridor/protocols/ids';
import type { NetworkFile } from '@corridor/protocols/network-file';
import { type Database, inTransaction } from '@corridor/twin/db/db';

/** Swaps of a truck a day, as on the corridor. */
const SWAPS_A_DAY = 3;
const ALARMS_A_DAY = 40;
const DAY_MS = 86_400_000;
const STEP_MS = 20_000;
const CHUNK = 500;
const STEPS = ['IDENTIFYING', 'AUTHORIZING', 'POSITIONING', 'SECURING', 'UNLOCKING', 'LIFTING', 'TRANSFER_IN', 'BATTERY_IN', 'PICKING'];
const LAST_STEPS = ['TRANSFER_OUT', 'SEATING', 'LOCKING', 'SELF_CHECK', 'RELEASING', 'COMPLETED'];
/** Before it ends. */
const ORDER_STATES = ['CREATED', 'QUOTED', 'HELD', 'IN_PROGRESS', 'MEASURED'] as const;
/** One order in so many, the first of them, does not end as it should; and somebody sees to it after so long (assumption). */
const ABNORMAL_ONE_IN = 50;
const REPAIRED_AFTER = "interval '2 days'";

export interface Swap {
  readonly no: number;
  readonly atMs: number;
  readonly stationId: string;
  readonly truckId: string;
  readonly carrierId: string;
  readonly driverId: string | null;
  readonly takenPackId: string;
  readonly givenPackId: string;
  readonly slotId: string;
}

/** How long a swap takes from the bay's gate to the next [scope ms]. */
export const SWAP_MS = 15 * STEP_MS;

/**
 * What trucks did at stations: orders with each of their states, swaps, moves of packs, transfers, transitions of actors, alarms.
 * @returns the swaps, in the order of time
 */
export async function fillBusiness(
  database: Database,
  file: NetworkFile,
  span: { fromMs: number; untilMs: number },
): Promise<readonly Swap[]> {
  const swaps = [...drawnSwaps(file, span)];
  await topUp(database, file, span.fromMs);
  for (let from = 0; from < swaps.length; from += CHUNK) await insertSwaps(database, file, swaps.slice(from, from + CHUNK));
  await insertAlarms(database, file, span);
  return swaps;
}

function* drawnSwaps(file: NetworkFile, { fromMs, untilMs }: { fromMs: number; untilMs: number }): Iterable<Swap> {
  const prng = new Prng(60);
  const packAt = new Map(file.packs.map(({ id, initial }) => [initial.id, id]));
  const driverOf = new Map(file.drivers.flatMap(({ id, truckIds }) => truckIds.map((truckId) => [truckId, id] as const)));
  const everyMs = DAY_MS / (SWAPS_A_DAY * file.trucks.length);
  let no = 0;
  for (let atMs = fromMs + everyMs; atMs + DAY_MS / 24 < untilMs; atMs += everyMs) {
    const truck = file.trucks[no % file.trucks.length];
    const station = prng.pick(file.stations);
    assert(truck !== undefined, 'no trucks');
    const slots = Array.from({ length: station.slots }, (_, index) => slotIdOf(station.id, index + 1)).filter((id) => packAt.has(id));
    const slotId = prng.pick(slots);
    const [givenPackId, takenPackId] = [packAt.get(slotId), packAt.get(truck.id)];
    assert(givenPackId !== undefined && takenPackId !== undefined, 'a slot or a truck without its pack');
    packAt.set(slotId, takenPackId).set(truck.id, givenPackId);
    no += 1;
    const driverId = driverOf.get(truck.id) ?? null;
    yield { no, atMs, stationId: station.id, truckId: truck.id, carrierId: truck.carrierId, driverId, takenPackId, givenPackId, slotId };
  }
}

const at = (ms: number): string => new Date(ms).toISOString();

/** Money for the month, by the rail. */
async function topUp(database: Database, { platformId, principals }: NetworkFile, atMs: number): Promise<void> {
  for (const { id } of principals.filter(({ kind }) => kind === 'CARRIER')) {
    await database.pool.query({
      text: `insert into transfer (platform_id, key, kind, debit_account_id, credit_account_id, amount_fen, at, batch_no)
             values ($1, $2, 'TOP_UP', 'RAIL_sandbox', $3, 100000000000, $4, 1)`,
      values: [platformId, `bench-${id}`, `${id}_prepaid`, at(atMs)],
    });
  }
}

const CHUNK_OF = `json_to_recordset($2::json) as r(no bigint, at timestamptz, "stationId" text, "truckId" text, "carrierId" text, "driverId" text,
  "takenPackId" text, "givenPackId" text, "slotId" text, "operatorId" text, "ownerId" text)`;
const STEP = `interval '${STEP_MS} ms'`;
const listed = (states: readonly string[]): string =>
  `unnest(array[${states.map((state) => `'${state}'`).join(', ')}]) with ordinality as s(state, no)`;

const ORDER_COLUMNS = `state, reason, initiation, station_id, bay_id, request_id, truck_id, driver_id, carrier_id, return_pack_id, issue_pack_id, quoted_fen,
  held_fen, payable_fen, released_fen, energy_in_wh, energy_out_wh, created_at, updated_at`;
/** An order in a state that came `step` steps after its begin. */
const orderValues = (state: string, step: string): string => `
  ${state}, case when ${state} = 'ABNORMAL' then 'METER_MISMATCH' end, 'LOCAL', r."stationId", r."stationId" || '-B1', r.no, r."truckId",
  r."driverId", r."carrierId", r."takenPackId", r."givenPackId", 30000, 36000, case when ${state} = 'CLEARED' then 30000 end, case when ${state} = 'CLEARED' then 6000 end, 70000, 300000, r.at, r.at + ${step} * ${STEP}`;

const IS_ABNORMAL = `r.no % ${ABNORMAL_ONE_IN} = 1`;

/** Statements over a chunk of swaps: $1 the platform, $2 the chunk. */
const STATEMENTS: readonly string[] = [
  // First what went before: of two changes the one that was noted later counts.
  `insert into order_change (platform_id, order_id, ${ORDER_COLUMNS})
   select $1, r."stationId" || '-O' || r.no, ${orderValues('s.state', 's.no')} from ${CHUNK_OF}, ${listed(ORDER_STATES)} order by r.no, s.no`,
  `insert into swap_order (platform_id, order_id, ${ORDER_COLUMNS})
   select $1, r."stationId" || '-O' || r.no, ${orderValues(`(case when ${IS_ABNORMAL} then 'ABNORMAL' else 'CLEARED' end)`, '15')} from ${CHUNK_OF}`,
  `update swap_order o set state = 'REPAIRED', updated_at = r.at + ${REPAIRED_AFTER}
     from ${CHUNK_OF}
    where o.platform_id = $1 and o.order_id = r."stationId" || '-O' || r.no and ${IS_ABNORMAL} and r.at + ${REPAIRED_AFTER} < now()`,
  `insert into order_basis (platform_id, order_id, basis, billed_at)
   select $1, r."stationId" || '-O' || r.no, '{}', r.at + 15 * ${STEP} from ${CHUNK_OF}`,
  `insert into clearing_entry (platform_id, order_id, principal_id, role, gross_fen, commission_fen, net_fen, cleared_at)
   select $1, r."stationId" || '-O' || r.no, p.id, p.role, 15000, -500, 14500, r.at + 15 * ${STEP}
     from ${CHUNK_OF}, lateral (values (r."operatorId", 'STATION_OPERATOR'), (r."ownerId", 'BATTERY_OWNER')) as p(id, role)`,
  `insert into swap (platform_id, swap_id, station_id, request_id, bay_id, state, step, truck_id, order_id, return_pack_id, issue_pack_id, began_at,
                     updated_at, ended_at)
   select $1, r."stationId" || '-' || r.no, r."stationId", r.no, r."stationId" || '-B1', 'COMPLETED', 15, r."truckId", r."stationId" || '-O' || r.no,
          r."takenPackId", r."givenPackId", r.at, r.at + 15 * ${STEP}, r.at + 15 * ${STEP} from ${CHUNK_OF}`,
  `insert into actor_transition (platform_id, machine, id, at, batch_no, ordinal, from_state, to_state, event)
   select $1, 'swap', r."stationId" || '-' || r.no, r.at + s.no * ${STEP}, r.no, s.no, '', s.state, 'swap.reported'
     from ${CHUNK_OF}, ${listed([...STEPS, ...LAST_STEPS])}`,
  `insert into actor_transition (platform_id, machine, id, at, batch_no, ordinal, from_state, to_state, event)
   select $1, e.machine, e.id, r.at + e.step * ${STEP}, r.no, 100 + e.step, '', e.state, 'swap.reported'
     from ${CHUNK_OF}, lateral (values
       ('truck', r."truckId", 1, 'docked'), ('truck', r."truckId", 15, 'driving'), ('pack', r."takenPackId", 8, 'inSlot.charging'),
       ('pack', r."givenPackId", 10, 'onTruck'), ('slot', r."slotId", 8, 'occupied.charging'), ('slot', r."slotId", 10, 'empty'),
       ('bay', r."stationId" || '-B1', 1, 'swapping'), ('bay', r."stationId" || '-B1', 15, 'free'), ('order', r."stationId" || '-O' || r.no, 15, 'CLEARED')
     ) as e(machine, id, step, state)`,
  `insert into transfer (platform_id, key, kind, debit_account_id, credit_account_id, amount_fen, order_id, at, batch_no)
   select $1, 'bench:' || r.no || ':' || m.no, m.kind, m.debit, m.credit, m.fen, r."stationId" || '-O' || r.no, r.at + m.step * ${STEP}, 1
     from ${CHUNK_OF}, lateral (values
       (1, 'HOLD', r."carrierId" || '_prepaid', r."carrierId" || '_held', 36000, 3),
       (2, 'RELEASE', r."carrierId" || '_held', r."carrierId" || '_prepaid', 6000, 15),
       (3, 'SWAP_EXPENSE', r."carrierId" || '_held', 'PF_clearing', 30000, 15),
       (4, 'SWAP_INCOME', 'PF_clearing', r."operatorId" || '_income', 15000, 15),
       (5, 'SWAP_INCOME', 'PF_clearing', r."ownerId" || '_income', 15000, 15),
       (6, 'COMMISSION', r."operatorId" || '_income', 'PF_income', 500, 15),
       (7, 'COMMISSION', r."ownerId" || '_income', 'PF_income', 500, 15)
     ) as m(no, kind, debit, credit, fen, step) order by r.no, m.no`,
];

const MOVE = `
  with gone as (update custody set until = $3 where platform_id = $1 and pack_id = $2 and until is null)
  select 1`;

async function insertSwaps(database: Database, file: NetworkFile, swaps: readonly Swap[]): Promise<void> {
  const operatorOf = new Map(file.stations.map(({ id, operatorId }) => [id, operatorId]));
  const ownerOf = new Map(file.packs.map(({ id, ownerId }) => [id, ownerId]));
  const rows = JSON.stringify(
    swaps.map((swap) => ({
      ...swap,
      at: at(swap.atMs),
      operatorId: operatorOf.get(swap.stationId),
      ownerId: ownerOf.get(swap.givenPackId),
    })),
  );
  await inTransaction(database, async (client) => {
    for (const text of STATEMENTS) await client.query({ text, values: [file.platformId, rows] });
    for (const { atMs, stationId, no, takenPackId, givenPackId, slotId, truckId } of swaps) {
      const moves = [
        { packId: takenPackId, kind: 'SLOT', place: slotId, ms: atMs + 8 * STEP_MS },
        { packId: givenPackId, kind: 'TRUCK', place: truckId, ms: atMs + 10 * STEP_MS },
      ];
      for (const { packId, kind, place, ms } of moves) {
        await client.query({ name: 'bench_move', text: MOVE, values: [file.platformId, packId, at(ms)] });
        await client.query({
          name: 'bench_moved',
          text: `insert into custody (platform_id, pack_id, place_kind, place_id, since, order_id, cause) values ($1, $2, $3, $4, $5, $6, 'SWAP')`,
          values: [file.platformId, packId, kind, place, at(ms), `${stationId}-O${no}`],
        });
      }
    }
  });
}

/** Each stands for an hour; one in ten is raised again later under its name. */
async function insertAlarms(
  database: Database,
  file: NetworkFile,
  { fromMs, untilMs }: { fromMs: number; untilMs: number },
): Promise<void> {
  const count = Math.floor(((untilMs - fromMs) / DAY_MS) * ALARMS_A_DAY);
  await database.pool.query({
    text: `insert into alarm (platform_id, alarm_id, code, level, scope, scope_id, detail, raised_at, cleared_at)
           select $1, 'bench-' || n, 'GATEWAY_OFFLINE', 2, 'station', ($2::text[])[1 + n % cardinality($2)], 'bench',
                  $3::timestamptz + n * $4::interval, $3::timestamptz + n * $4::interval + interval '1 hour'
             from generate_series(1, $5::int) n`,
    values: [file.platformId, file.stations.map(({ id }) => id), at(fromMs), `${DAY_MS / ALARMS_A_DAY} ms`, count],
  });
  await database.pool.query({
    text: `update alarm set raised_at = raised_at + interval '2 hours', cleared_at = cleared_at + interval '2 hours'
            where platform_id = $1 and alarm_id like 'bench-%0'`,
    values: [file.platformId],
  });
}
