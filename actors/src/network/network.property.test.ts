import * as fc from 'fast-check';
import { it } from 'vitest';
import { ledgerFindings, transfersOf } from '../checkers/ledger-checker.ts';
import { orderFindings, swapFindings } from '../checkers/order-checker.ts';
import { custodyAfter, type PlaceView, packFindings } from '../checkers/pack-checker.ts';
import type { PackContext } from '../pack/pack.rules.ts';
import type { SlotContext } from '../slot/slot.rules.ts';
import type { StationContext } from '../station/station.rules.ts';
import type { TruckContext } from '../truck/truck.rules.ts';
import { NOON_MS, startCorridor, type TestCorridor } from './corridor.fixture.ts';
import { deedArbitrary, RandomTraffic } from './random-traffic.fixture.ts';

function placesOf(corridor: TestCorridor): PlaceView {
  const packAt = new Map<string, string | null>();
  for (const id of corridor.network.refs('slot')) packAt.set(`SLOT:${id}`, (corridor.context(`slot:${id}`) as SlotContext).packId);
  for (const id of corridor.network.refs('truck')) packAt.set(`TRUCK:${id}`, (corridor.context(`truck:${id}`) as TruckContext).packId);
  const placeOf = new Map([...corridor.network.refs('pack')].map((id) => [id, (corridor.context(`pack:${id}`) as PackContext).place]));
  // Packs that nobody registered are held in places but not in the books.
  for (const [key, packId] of packAt) if (packId !== null && !placeOf.has(packId)) packAt.set(key, null);
  return { packAt, placeOf };
}

function leftovers(corridor: TestCorridor): string[] {
  const findings: string[] = [];
  for (const id of corridor.network.refs('station')) {
    const { reservations } = corridor.context(`station:${id}`) as StationContext;
    for (const { orderId } of reservations) findings.push(`${id} still keeps a pack for ${orderId}`);
  }
  for (const id of corridor.network.refs('truck')) {
    const { orderId } = corridor.context(`truck:${id}`) as TruckContext;
    if (orderId !== null) findings.push(`${id} is still booked by ${orderId}`);
  }
  for (const id of corridor.network.refs('swap')) findings.push(`swap ${id} is still there`);
  return findings;
}

it('keeps packs, money and orders whole through any traffic, and ends every order', () => {
  fc.assert(
    fc.property(fc.array(deedArbitrary, { maxLength: 25 }), fc.boolean(), (deeds, isPoor) => {
      const corridor = startCorridor({ topUpFen: isPoor ? 60_000n : 20_000_000n });
      const traffic = new RandomTraffic(corridor, NOON_MS);
      for (const deed of deeds) {
        traffic.play(deed);
        const findings = packFindings(placesOf(corridor), custodyAfter(corridor.effects), corridor.network.refs('pack'));
        if (findings.length > 0) throw new Error(`after ${JSON.stringify(deed)}: ${findings.join('\n')}`);
      }
      traffic.end();
      const findings = [
        ...packFindings(placesOf(corridor), custodyAfter(corridor.effects), corridor.network.refs('pack')),
        ...ledgerFindings(transfersOf(corridor.effects), { allOrdersEnded: true }),
        ...orderFindings(corridor.effects, { allOrdersEnded: true }),
        ...swapFindings(traffic.swaps, corridor.effects),
        ...leftovers(corridor),
      ];
      if (findings.length > 0) throw new Error(findings.join('\n'));
    }),
    { numRuns: Number(process.env['RUNS'] ?? 40) },
  );
});
