import type { AccountContext } from '@corridor/actors/account/account.rules';
import { accountOf } from '@corridor/actors/ledger/transfer';
import type { PackPlace } from '@corridor/actors/network/actor-event';
import { refOf } from '@corridor/actors/network/entity-ref';
import type { Phase } from '@corridor/gateway/procedure/swap-record';
import { assert, violated } from '@corridor/protocols/assert';
import { slotIdOf } from '@corridor/protocols/ids';
import { energyCalendarOf, QUARTER_MS } from '../energy/energy-calendar.ts';
import { GRID_WH_PER_CONTENT_WH } from '../scenario/station-physics.ts';
import type { FullPack } from './full-units.ts';
import type { FullWorld } from './full-world.ts';

/** Rounding of sums of floating-point numbers, as a share of what passed through them. */
const ENERGY_TOLERANCE_RATIO = 1e-9;
const QUARTERS_PER_HOUR = 4;

/**
 * What must hold in every run: each pack is in one place, physically and in the platform's books; no truck is lost, no pack promised twice; energy that was
 * brought and charged is used or still there; the ledger sums to zero and says what the accounts say.
 * @throws InvariantError naming what does not hold
 */
export function checkFullConservation(world: FullWorld): void {
  checkPacks(world);
  checkTrucks(world);
  checkPromises(world);
  checkEnergy(world);
  checkSun(world);
  checkLedger(world);
  checkSettlement(world);
}

/** Where packs are: the books follow a swap under way when a pack is handed over. */
function checkPacks({ yards, trucks, packs, twin }: FullWorld): void {
  const places = new Map<FullPack, PackPlace[]>();
  const stands = (pack: FullPack | null, place: PackPlace) => {
    if (pack !== null) places.set(pack, [...(places.get(pack) ?? []), place]);
  };
  for (const { pack, isBare, id } of trucks) if (!isBare) stands(pack, { kind: 'TRUCK', id });
  for (const yard of yards) {
    yard.stock.packs.forEach((pack, index) => stands(pack, { kind: 'SLOT', id: slotIdOf(yard.id, index + 1) }));
    for (const bay of yard.bays) stands(bay.gripped, { kind: 'TRANSFER', id: bay.id });
  }
  const inBays = new Set(yards.flatMap(({ bays }) => bays.flatMap(({ gripped, truck }) => [gripped, truck?.pack ?? null])));
  for (const pack of packs) {
    const [place, ...others] = places.get(pack) ?? [];
    assert(place !== undefined && others.length === 0, `${pack.id} is ${place === undefined ? 'nowhere' : 'in two places'}`);
    const booked = (twin.network.view(refOf('pack', pack.id))?.context as { place: PackPlace } | undefined)?.place;
    const agree = booked?.kind === place.kind && booked.id === place.id;
    assert(agree || inBays.has(pack), `${pack.id} is at ${place.kind}:${place.id}, and the books have it at ${booked?.kind}:${booked?.id}`);
  }
}

function checkTrucks({ yards, trucks }: FullWorld): void {
  const queued = yards.reduce((sum, { queue }) => sum + queue.length, 0);
  const waiting = yards.reduce((sum, { measures }) => sum + measures.levels.waitingTrucks, 0);
  assert(waiting === queued, `${waiting} trucks wait, and ${queued} stand in queues`);
  const bare = trucks.filter(({ isBare }) => isBare).length;
  const docked = yards.reduce((sum, { bays }) => sum + bays.filter(({ truck }) => truck !== null).length, 0);
  assert(bare <= docked, `${bare} trucks have no pack, and ${docked} stand in bays`);
  for (const { measures, plan, ready } of yards)
    assert(measures.levels.readyPacks === ready.length, `${plan.id} counts ${measures.levels.readyPacks} packs and has ${ready.length}`);
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

function checkEnergy({ packs, sums }: FullWorld): void {
  const heldWh = packs.reduce((sum, { contentWh }) => sum + contentWh, 0);
  const missingWh = sums.broughtWh + sums.chargedWh - sums.consumedWh - heldWh;
  const passedWh = sums.broughtWh + sums.chargedWh + Math.abs(sums.consumedWh);
  assert(Math.abs(missingWh) <= ENERGY_TOLERANCE_RATIO * passedWh, `${missingWh} Wh are missing`);
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

function checkLedger({ books, scenario, twin }: FullWorld): void {
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
