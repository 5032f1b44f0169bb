import type { EquipmentRow } from '@corridor/protocols/http/equipment';

/** A pack in a slot of which nothing is known but what a test is about. */
export const equipmentRow = (id: string, more: Partial<EquipmentRow> = {}): EquipmentRow => ({
  kind: 'pack',
  id,
  ownerId: 'BO1',
  place: { kind: 'SLOT', id: 'HH1-1' },
  state: 'idle',
  presence: 'ONLINE',
  tempC: null,
  voltageV: null,
  currentA: null,
  powerW: null,
  energyWh: null,
  socPercent: null,
  sohPercent: null,
  sohEstimate: null,
  reportedAt: null,
  q: [],
  ...more,
});
