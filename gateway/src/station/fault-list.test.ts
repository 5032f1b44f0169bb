import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { expect, it } from 'vitest';
import { FaultList } from './fault-list.ts';
import { StationEvents } from './station-events.ts';
import { START_MS, startRig } from './station-rig.ts';

const LIMIT = { code: 'GRID_LIMIT', scope: 'station', scopeId: 'HH1', detail: 'the grid limits the connection' } as const;
const CODES = new Set(['GRID_LIMIT']);

it('tells a fault again by its id when it becomes more severe, also after a restart, and ends it as one', () => {
  using folder = temporaryFolder();
  const rig = startRig({ dir: folder.path });
  const faultsNow = () => new FaultList(rig.journal, new StationEvents('live', 'HH1'));
  const faults = faultsNow();
  const standing = (level: 1 | 2 | 3, list = faults) =>
    rig.journal.transaction((tx) => list.reconcile(tx, [{ ...LIMIT, level }], CODES, START_MS));
  for (const level of [1, 1, 3, 2] as const) standing(level);
  expect(faults.differsFrom([{ ...LIMIT, level: 2 }], CODES)).toBe(false);
  const restarted = faultsNow();
  expect(restarted.differsFrom([{ ...LIMIT, level: 3 }], CODES)).toBe(false);
  rig.journal.transaction((tx) => restarted.reconcile(tx, [], CODES, START_MS));
  const told = rig.events().filter(({ name }) => name.startsWith('gateway.fault'));
  expect(told.map(({ name, data }) => [name, data['level'], data['faultId']])).toEqual(
    [
      ['gateway.fault_raised', 1],
      ['gateway.fault_raised', 3],
      ['gateway.fault_cleared', 3],
    ].map((each) => [...each, told[0]?.data['faultId']]),
  );
  rig.stop();
  rig.plant.stop();
});
