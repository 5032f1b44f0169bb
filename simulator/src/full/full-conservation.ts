import type { AccountContext } from '@corridor/actors/account/account.rules';
import { accountOf } from '@corridor/actors/ledger/transfer';
import type { PackPlace } from '@corridor/actors/network/actor-event';
import { refOf } from '@corridor/actors/network/entity-ref';
import type { Phase } from '@corridor/gateway/procedure/swap-record';
import { assert, violated } from '@corridor/protocols/assert';
import { slotIdOf } from '@corridor/protocols/ids';
import { energyCalendarOf, QUARTER_MS } from '../energy/energy-calendar.ts';
import { checkEnergy, ENERGY_TOLERANCE_RATIO } from '../run/energy-balance.ts';
import { checkTruckPlaces, truckPlaces } from '../run/truck-places.ts';
import { checkedWithSeed, Whereabouts } from '../run/whereabouts.ts';
import { GRID_WH_PER_CONTENT_WH } from '../scenario/station-physics.ts';
import type { FullStation } from './full-station.ts';
import type { FullPack } from './full-units.ts';
import type { FullWorld } from './full-world.ts';
import { moneyBalanceOf } from './money-balance.ts';

const QUARTERS_PER_HOUR = 4;

/**
 * What must hold in every run: each truck is in one place and has a pack, or stands in a bay between two; each pack is in one place, physically and in the
 * platform's books, and none is promised twice; energy that was brought and charged is used or still there; the ledger sums to zero and says what the
 * accounts say.
 * @throws InvariantError with the seed, naming what does not hold
 */
export function checkFullConservation(world: FullWorld): void {
  checkedWithSeed(world.seed, () => {
    checkTrucks(world);
    checkPacks(world);
    for (const yard of world.yards) checkCounts(yard);
    checkPromises(world);
    checkEnergy(world);
    checkSun(world);
    checkLedger(world);
    checkSettlement(world);
  });
}

function checkTrucks(world: FullWorld): void {
  const places = truckPlaces(world);
  for (const { truck, station } of world.refused) places.stands(truck, { kind: 'REFUSED', id: station.id });
  checkTruckPlaces(world, places);
  for (const truck of world.trucks) {
    const { kind, id } = places.placeOf(truck);
    assert(!truck.isBare || kind === 'BAY', `${truck.ref} is at ${kind}:${id} without a pack`);
  }
}

/** Where packs are: the books follow a swap under way when a pack is handed over. */
function checkPacks({ yards, trucks, packs, twin, scenario }: FullWorld): void {
  const places = new Whereabouts<FullPack, PackPlace['kind']>(({ id }) => id);
  for (const { pack, isBare, id } of trucks) if (!isBare) places.stands(pack, { kind: 'TRUCK', id });
  for (const yard of yards) {
    for (const [index, pack] of yard.stock.packs.entries())
      if (pack !== null) places.stands(pack, { kind: 'SLOT', id: slotIdOf(yard.id, index + 1) });
    for (const { id, gripped } of yard.bays) if (gripped !== null) places.stands(gripped, { kind: 'TRANSFER', id });
  }
  const begun = trucks.length + scenario.stations.reduce((sum, station) => sum + station.packs, 0);
  assert(packs.length === begun, `there are ${packs.length} packs, and there were ${begun}`);
  places.check(packs);
  const inBays = new Set(yards.flatMap(({ bays }) => bays.flatMap(({ gripped, truck }) => [gripped, truck?.pack ?? null])));
  for (const pack of packs) {
    const place = places.placeOf(pack);
    const booked = (twin.network.view(refOf('pack', pack.id))?.context as { place: PackPlace } | undefined)?.place;
    const agree = booked?.kind === place.kind && booked.id === place.id;
    assert(agree || inBays.has(pack), `${pack.id} is at ${place.kind}:${place.id}, and the books have it at ${booked?.kind}:${booked?.id}`);
  }
}

/** What a station counts is what stands there. */
function checkCounts({ id, measures: { levels }, queue, bays, ready, charging }: FullStation): void {
  const found = {
    waitingTrucks: queue.length,
    busyBays: bays.filter(({ truck }) => truck !== null).length,
    readyPacks: ready.length,
    busyChargers: charging.length,
  };
  assert(
    Object.entries(found).every(([name, count]) => levels[name as keyof typeof found] === count),
    `${id} counts ${JSON.stringify(levels)}, and there are ${JSON.stringify(found)}`,
  );
}

/** Phases of a swap that holds the pack it gives out, or has given it. */
const HAS_ITS_PACK: ReadonlySet<Phase> = new Set<Phase>([
  'MOVE_OUT',
  'SEAT',
  'LOCK',
  'RESEAT_UNLOCK',
  'RESEAT_LIFT',
  'SELF_CHECK',
  'RELEASE',
  'RETURN_MOVE_IN',
  'RETURN_PLACE',
  'REDO_UNLOCK',
  'REDO_LIFT',
  'REDO_MOVE_IN',
  'REDO_PLACE',
  'LEAVING',
]);

/** What a station counts as ready are the charged packs in its rack less one for each truck in a bay that has none yet. */
function checkPromises({ yards }: FullWorld): void {
  for (const { id, stock, bays, ready } of yards) {
    const charged = stock.packs.filter((pack) => pack !== null && pack.readied !== Number.POSITIVE_INFINITY).length;
    const promised = bays.filter(({ record }) => record !== null && !HAS_ITS_PACK.has(record.phase)).length;
    assert(ready.length === charged - promised, `${id} counts ${ready.length} packs, has ${charged} and promised ${promised}`);
  }
}

/** The sun gave no more than shone, and no more than was charged, in any quarter of an hour. */
function checkSun({ yards, scenario }: FullWorld): void {
  const calendar = energyCalendarOf(scenario);
  for (const {
    id,
    index,
    charging: { meter },
  } of yards) {
    for (const [quarter, pvWh] of meter.pvQuartersWh?.entries() ?? []) {
      const shoneWh = calendar.pvW(index, quarter * QUARTER_MS) / QUARTERS_PER_HOUR / GRID_WH_PER_CONTENT_WH;
      const mostWh = Math.min(shoneWh, meter.quartersWh[quarter] ?? violated(`no quarter ${quarter}`)) * (1 + ENERGY_TOLERANCE_RATIO);
      assert(pvWh <= mostWh, `${id} took ${pvWh} Wh of the sun in quarter ${quarter}, and there were ${mostWh}`);
    }
  }
}

/** What is owed by statements and by the open period is what stands on the account; the statements of a principal leave no gap that moved money. */
function checkSettlement({ books, desk, scenario }: FullWorld): void {
  if (desk === null) return;
  for (const { id, kind } of scenario.business.principals) {
    if (kind === 'CARRIER') continue;
    const [owedFen, standsFen] = [desk.owedFen(id), books.balance(accountOf.income(id))];
    assert(owedFen === standsFen, `${id} is owed ${owedFen} fen by its statements, and its account has ${standsFen}`);
    const own = desk.statements.filter(({ principalId }) => principalId === id);
    for (const [index, { fromMs, statementId }] of own.entries())
      assert(fromMs >= (own[index - 1]?.untilMs ?? fromMs), `${statementId} begins before the one before it ends`);
  }
}

function checkLedger(world: FullWorld): void {
  const { books, scenario, twin } = world;
  const { paidInFen, paidOutFen, heldFen, leftOverFen } = moneyBalanceOf(world);
  assert(leftOverFen === 0n, `${leftOverFen} fen too many: ${paidInFen} were paid in, ${paidOutFen} out, and accounts have ${heldFen}`);
  assert(books.sumFen === 0n, `the ledger sums to ${books.sumFen} fen`);
  for (const { id } of scenario.business.principals) {
    const view = twin.network.view(refOf('account', id));
    assert(view !== undefined, `${id} has no account`);
    const { prepaidFen, heldFen, incomeFen, holds } = (view.context as AccountContext).books;
    const balances = [accountOf.prepaid(id), accountOf.held(id), accountOf.income(id)].map((account) => books.balance(account));
    assert(balances.join() === [prepaidFen, heldFen, incomeFen].join(), `${id}: the ledger has ${balances.join()}, its account does not`);
    for (const { orderId } of holds) assert(books.openOrders.has(orderId), `${id} holds money for ${orderId}, which is over`);
  }
}
