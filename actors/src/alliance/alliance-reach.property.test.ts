import type { Alliance } from '@corridor/protocols/network-file';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allianceFindings, allianceReach } from './alliance-reach.ts';

const alliance = (id: string, over: Partial<Alliance> = {}): Alliance => ({ id, name: id, stationIds: [], packOwnerIds: [], ...over });
const among =
  (...all: readonly Alliance[]) =>
  (id: string) =>
    all.find((each) => each.id === id);

describe('the reach of an alliance', () => {
  const north = alliance('NORTH', { stationIds: ['N1', 'X'], packOwnerIds: ['BO1'] });
  const south = alliance('SOUTH', { stationIds: ['S1', 'X'], packOwnerIds: ['BO2'] });
  const union = alliance('UNION', { unionOf: ['NORTH', 'SOUTH'], stationIds: ['U1'] });
  const inner = alliance('INNER', { withinId: 'UNION', stationIds: ['N1', 'S1', 'ELSEWHERE'], packOwnerIds: ['BO1', 'BO9'] });
  const find = among(north, south, union, inner);

  it('is that of its members together, and of a sub-network only what lies within', () => {
    expect(allianceReach(union, find)).toEqual({ stationIds: new Set(['U1', 'N1', 'X', 'S1']), packOwnerIds: new Set(['BO1', 'BO2']) });
    expect(allianceReach(inner, find)).toEqual({ stationIds: new Set(['N1', 'S1']), packOwnerIds: new Set(['BO1']) });
  });

  it('says what is wrong before it is agreed', () => {
    expect(allianceFindings(union, find)).toEqual([]);
    expect(allianceFindings(inner, find)).toEqual([{ code: 'OUTSIDE_NETWORK', text: 'ELSEWHERE is not in UNION' }]);
    expect(allianceFindings(alliance('A', { unionOf: ['NOBODY'] }), find)).toMatchObject([{ code: 'ALLIANCE_UNKNOWN' }]);
    expect(allianceFindings(alliance('NORTH', { unionOf: ['UNION'] }), find)).toMatchObject([{ code: 'ALLIANCE_CIRCULAR' }]);
  });

  it('ends however alliances name each other, lets in nobody whom none names, and a union opens no less than its members', () => {
    const ids = ['A', 'B', 'C', 'D'] as const;
    const some = <T>(values: readonly T[]) => fc.uniqueArray(fc.constantFrom(...values), { maxLength: 3 });
    const drawn = fc.record({
      stationIds: some(['1', '2', '3']),
      packOwnerIds: some(['BO1', 'BO2']),
      unionOf: some(ids),
      withinId: fc.option(fc.constantFrom(...ids), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.tuple(drawn, drawn, drawn, drawn), (bodies) => {
        const all = bodies.map(({ withinId, ...body }, no) => alliance(ids[no] ?? 'A', { ...body, ...(withinId && { withinId }) }));
        const findOne = among(...all);
        for (const one of all) {
          const { stationIds } = allianceReach(one, findOne);
          for (const id of stationIds) expect(all.some((each) => each.stationIds.includes(id))).toBe(true);
          if (one.withinId !== undefined) continue;
          for (const id of one.stationIds) expect(stationIds.has(id)).toBe(true);
          if (allianceFindings(one, findOne).length > 0) continue;
          for (const member of one.unionOf ?? [])
            for (const id of allianceReach(findOne(member) ?? one, findOne).stationIds) expect(stationIds.has(id)).toBe(true);
        }
      }),
    );
  });
});
