import type pg from 'pg';
import type { LoggedSwap } from './scripted-station.ts';

/**
 * What must hold in a database whatever was killed: every swap that a station logged is one bill or one abnormal order
 * with its reason, packs are in one place each, nothing is held, the ledger sums to zero.
 * @returns what does not hold, in words; empty: all is well
 */
export async function faultsInBooks(db: pg.Pool, logged: readonly LoggedSwap[]): Promise<string[]> {
  return [...(await faultsOfSwaps(db, logged)), ...(await faultsOfLedger(db)), ...(await faultsOfCustody(db))];
}

async function faultsOfSwaps(db: pg.Pool, logged: readonly LoggedSwap[]): Promise<string[]> {
  const { rows } = await db.query<{
    order_id: string;
    station_id: string;
    request_id: number;
    state: string;
    reason: string | null;
    lines: string;
  }>(
    `select o.order_id, o.station_id, o.request_id, o.state, o.reason,
            (select count(*) from order_line l where l.platform_id = o.platform_id and l.order_id = o.order_id) as lines
       from swap_order o where o.request_id is not null`,
  );
  const faults: string[] = [];
  for (const { stationId, requestId, outcome } of logged) {
    const orders = rows.filter((row) => row.station_id === stationId && row.request_id === requestId);
    const [order] = orders;
    const name = `${stationId} ${requestId}`;
    if (orders.length !== 1 || !order) faults.push(`swap ${name} has ${orders.length} orders`);
    else if (!outcome.started) {
      if (order.state !== 'REJECTED' || order.reason === null) faults.push(`swap ${name} was refused and its order is ${order.state}`);
    } else if (order.state === 'CLEARED' ? order.lines === '0' : order.state !== 'ABNORMAL' || order.reason === null) {
      faults.push(`swap ${name} is ${order.state} (${order.reason}) with ${order.lines} lines`);
    }
  }
  return faults;
}

async function faultsOfLedger(db: pg.Pool): Promise<string[]> {
  const { rows } = await db.query<{ account_id: string; kind: string; balance_fen: string; derived: string }>(
    `select a.account_id, a.kind, a.balance_fen,
            coalesce((select sum(case when t.credit_account_id = a.account_id then t.amount_fen else -t.amount_fen end) from transfer t
                       where t.platform_id = a.platform_id and a.account_id in (t.credit_account_id, t.debit_account_id)), 0) as derived
       from account a`,
  );
  const faults = rows
    .filter((row) => row.balance_fen !== row.derived)
    .map((row) => `${row.account_id} stands at ${row.balance_fen}, its transfers at ${row.derived}`);
  const sum = rows.reduce((total, row) => total + BigInt(row.balance_fen), 0n);
  if (sum !== 0n) faults.push(`the ledger sums to ${sum}`);
  for (const row of rows) {
    if ((row.kind === 'HELD' || row.kind === 'CLEARING') && row.balance_fen !== '0')
      faults.push(`${row.account_id} is left with ${row.balance_fen}`);
    if (row.kind === 'PREPAID' && BigInt(row.balance_fen) < 0n) faults.push(`${row.account_id} is below zero`);
  }
  return faults;
}

async function faultsOfCustody(db: pg.Pool): Promise<string[]> {
  const places = await db.query<{ place: string; packs: string }>(
    `select place_kind || ':' || place_id as place, count(*) as packs from custody where until is null and place_kind in ('SLOT', 'TRUCK')
      group by 1 having count(*) > 1`,
  );
  const homeless = await db.query<{ pack_id: string }>(
    `select pack_id from pack p where not exists (select 1 from custody c where c.platform_id = p.platform_id and c.pack_id = p.pack_id and c.until is null)`,
  );
  return [
    ...places.rows.map(({ place, packs }) => `${place} holds ${packs} packs`),
    ...homeless.rows.map(({ pack_id }) => `${pack_id} is nowhere`),
  ];
}
