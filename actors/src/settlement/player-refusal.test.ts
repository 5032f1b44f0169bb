import type { PartnerRule } from '@corridor/protocols/agreement/settlement-agreement';
import { expect, it } from 'vitest';
import { playerRefusal } from './player-refusal.ts';

const shapley = (...players: [partnerId: string, ...stationIds: string[]][]): PartnerRule => ({
  kind: 'SHAPLEY',
  base: 'GROSS',
  basisPoints: 1_000,
  players: players.map(([partnerId, ...stationIds]) => ({ partnerId, stationIds })),
});

it('refuses a partner that is two players of a rule, and a station of two', () => {
  expect(playerRefusal([shapley(['A', 'BD1'], ['B', 'HH1'])])).toBeNull();
  expect(playerRefusal([shapley(['A', 'BD1']), shapley(['A', 'BD1'])])).toBeNull();
  expect(playerRefusal([shapley(['A', 'BD1'], ['A', 'HH1'])])).toMatchObject({ code: 'PLAYER_REPEATED' });
  expect(playerRefusal([shapley(['C', 'BD2']), shapley(['A', 'BD1', 'HH1'], ['B', 'HH1'])])).toMatchObject({ code: 'STATION_REPEATED' });
});
