import { NOON_MS } from '@corridor/actors/network/corridor.fixture';
import { expect, it } from 'vitest';
import { NO_SHOW_FEN, startWrittenCorridor } from './written-corridor.fixture.ts';

const HOUR_MS = 3_600_000;
const at = (hoursBefore: number): string => new Date(NOON_MS - hoursBefore * HOUR_MS).toISOString();

it('looks once more for who asks while it looks: what came meanwhile is due too', async () => {
  await using world = await startWrittenCorridor();
  const reached = Promise.withResolvers<void>();
  const goesOn = Promise.withResolvers<void>();
  const charges = world.chargeSide({
    async ask(...asked) {
      reached.resolve();
      await goesOn.promise;
      return world.writer.ask(...asked);
    },
  });
  await world.noShow(['O2'], { carrierId: 'C1', incurredAt: at(1) });
  const first = charges.look();
  await reached.promise;
  // Before the one that is being charged, where this look does not come by any more.
  await world.noShow(['O1'], { carrierId: 'C1', incurredAt: at(2) });
  const second = charges.look();
  goesOn.resolve();
  await Promise.all([first, second]);
  expect((await world.charged('C1')).map(({ chargeId }) => chargeId)).toEqual(['no-show:O1', 'no-show:O2']);
  await charges.stop();
});

it('charges a penalty behind any number of those that nobody can rate, once, and lets their carrier go when all is settled', async () => {
  await using world = await startWrittenCorridor();
  const charges = world.chargeSide();
  const beforeFen = await world.prepaidFen('C1');
  // No contract was in force then; all of them at one instant, so that pages end between equals.
  const unrated = Array.from({ length: 450 }, (_, no) => `U${no}`);
  await world.noShow(unrated, { carrierId: 'C1', incurredAt: '2001-01-01 00:00:00.123456Z' });
  await world.noShow(['O1'], { carrierId: 'C1', incurredAt: at(1) });
  await charges.look();
  await charges.look();
  expect(await world.charged('C1')).toEqual([{ chargeId: 'no-show:O1', payableFen: NO_SHOW_FEN }]);
  expect(beforeFen - (await world.prepaidFen('C1'))).toBe(NO_SHOW_FEN);
  // Who leaves is charged what came since, and the unrated ones, whose alarms nobody raised here, keep nobody.
  await world.noShow(['O2'], { carrierId: 'C1', incurredAt: at(0) });
  expect(await charges.chargeToDate('C1')).toBeNull();
  expect((await world.charged('C1')).map(({ chargeId }) => chargeId)).toEqual(['no-show:O1', 'no-show:O2']);
  expect(beforeFen - (await world.prepaidFen('C1'))).toBe(2n * NO_SHOW_FEN);
});

it('pays a penalty to whose the station was when it happened, also when it was sold before it was booked', async () => {
  await using world = await startWrittenCorridor();
  const [station] = world.corridor.file.stations;
  const soldTo = world.corridor.file.principals.find(({ id, kind }) => kind === 'STATION_OPERATOR' && id !== station?.operatorId)?.id ?? '';
  const sale = { act: 'TRANSFER', kind: 'STATION', id: station?.id ?? '', toPrincipalId: soldTo } as const;
  world.pass(HOUR_MS);
  expect(await world.writer.ask({ type: 'roster.act', roster: sale }, 'test')).toMatchObject({ ok: true });
  // Before the first record, a millisecond before the sale, and with it.
  await world.noShow(['O1'], { carrierId: 'C1', incurredAt: at(1) });
  await world.noShow(['O2'], { carrierId: 'C1', incurredAt: new Date(NOON_MS + HOUR_MS - 1).toISOString() });
  await world.noShow(['O3'], { carrierId: 'C1', incurredAt: at(-1) });
  await world.chargeSide().look();
  const { rows } = await world.database.pool.query<{ order_id: string; paid: string }>(
    `select c.order_id, e.principal_id || ' ' || l.beneficiary_id as paid from charge c
         join charge_entry e using (platform_id, charge_id) join charge_line l using (platform_id, charge_id)
        where e.role = 'STATION_OPERATOR' order by c.order_id`,
  );
  const seller = station?.operatorId;
  expect(rows.map(({ order_id: orderId, paid }) => [orderId, paid])).toEqual([
    ['O1', `${seller} ${seller}`],
    ['O2', `${seller} ${seller}`],
    ['O3', `${soldTo} ${soldTo}`],
  ]);
});

it('charges a penalty of a station that has left to whose it was, and none that nobody is recorded for: the platform is told of it, once', async () => {
  await using world = await startWrittenCorridor();
  const { database, corridor } = world;
  const [station] = corridor.file.stations;
  await world.noShow(['O1'], { carrierId: 'C1', incurredAt: at(1) });
  corridor.reference.remove('STATION', station?.id ?? '');
  await database.pool.query("update ownership set valid_until = $1 where asset_kind = 'STATION'", [at(-1)]);
  // From when it was nobody's.
  await world.noShow(['O2'], { carrierId: 'C1', incurredAt: at(-1) });
  await world.chargeSide().look();
  expect(await world.charged('C1')).toEqual([{ chargeId: 'no-show:O1', payableFen: NO_SHOW_FEN }]);
  const beneficiaries = await database.pool.query("select beneficiary_id from charge_line where charge_id = 'no-show:O1'");
  expect(beneficiaries.rows).toEqual([{ beneficiary_id: station?.operatorId }]);
  const told = async () => {
    const { rows } = await database.pool.query<{ told: string }>(
      "select scope_id || ' ' || (args->>'reason') as told from alarm where code = 'PENALTY_NOT_RATED' order by 1",
    );
    return rows.map((row) => row.told);
  };
  expect(await told()).toEqual(['O2 OPERATOR_UNKNOWN']);
  expect(await world.chargeSide().chargeToDate('C1')).toContain('nobody could rate the penalty of O2');
  // Once the platform has settled it, nobody is kept, and it is not told again.
  await database.pool.query("update alarm set closed_at = now(), closed_by = 'PF-admin', close_reason = 'settled'");
  expect(await world.chargeSide().chargeToDate('C1')).toBeNull();
  expect(await told()).toEqual(['O2 OPERATOR_UNKNOWN']);
});

it('pays an operator that leaves what is due to it first, and holds it while a carrier cannot pay', async () => {
  await using world = await startWrittenCorridor();
  const { database, corridor } = world;
  const operatorId = corridor.file.stations[0]?.operatorId ?? '';
  await world.noShow(['O1'], { carrierId: 'C1', incurredAt: at(1) });
  const isShort = { ask: async () => ({ ok: false, code: 'NO_CREDIT', detail: 'short', orderId: null }) as const };
  expect(await world.chargeSide(isShort).chargeDueTo(operatorId)).toBe('no-show:O1 is not paid: the balance of C1 is short');
  expect(await world.chargeSide().chargeDueTo('another')).toBeNull();
  expect(await world.charged('C1')).toEqual([]);
  expect(await world.chargeSide().chargeDueTo(operatorId)).toBeNull();
  expect(await world.charged('C1')).toEqual([{ chargeId: 'no-show:O1', payableFen: NO_SHOW_FEN }]);
  // No contract was in force then.
  await world.noShow(['O2'], { carrierId: 'C1', incurredAt: '2001-01-01' });
  await database.pool.query(
    `insert into alarm (platform_id, alarm_id, code, level, scope, scope_id, detail, raised_at)
     values ($1, 'unrated', 'PENALTY_NOT_RATED', 2, 'order', 'O2', '', now())`,
    [corridor.file.platformId],
  );
  expect(await world.chargeSide().chargeDueTo(operatorId)).toContain('nobody could rate the penalty of O2');
  expect(await world.chargeSide().chargeDueTo('another')).toBeNull();
});
