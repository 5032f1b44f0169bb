import type { Reference } from '@corridor/actors/network/reference';
import type { ReferenceStore } from '@corridor/actors/network/reference-store';
import type { RosterEntry } from '@corridor/actors/roster/roster-act';
import type { DriverDefinition } from '@corridor/protocols/network-file';
import type { RegistrationFile } from './registrations.queries.ts';

export interface OwnApplication {
  /** From his token: the number that the provider gave him, and whose he is. */
  readonly driverId: string;
  readonly carrierId: string;
  /** Of the trucks that he drives. */
  readonly plates: readonly string[];
  /** Last day of his licence, included. */
  readonly certifiedUntil: string;
}

/**
 * A driver as he applies himself. The card that he shows at a bay stays the one of his earlier application; a first one gets a new
 * number, which nobody else has. @returns the plate that is none of his carrier's when there is such
 */
export function ownEntry(
  application: OwnApplication,
  context: {
    reference: Pick<ReferenceStore, 'trucks'> & Pick<Reference, 'principal'>;
    before: RegistrationFile | null;
    newCard: () => string;
  },
): { entry: Extract<RosterEntry, { kind: 'DRIVER' }> } | { unknownPlate: string } {
  const { driverId, carrierId, plates, certifiedUntil } = application;
  const own = [...context.reference.trucks()].filter((truck) => truck.carrierId === carrierId);
  const truckIds: string[] = [];
  for (const plate of new Set(plates)) {
    const truck = own.find((each) => each.plate === plate);
    if (truck === undefined) return { unknownPlate: plate };
    truckIds.push(truck.id);
  }
  // It was checked against the schema of drivers when it was kept.
  const before = context.before === null ? null : (context.before.definition as DriverDefinition);
  const keepsCard = before !== null && before.carrierId === carrierId && context.before?.state === 'REJECTED';
  const idToken = keepsCard ? before.idToken : ({ idToken: context.newCard(), type: 'Central' } as const);
  // The name is replaced by the masked one of his identity data.
  return { entry: { kind: 'DRIVER', definition: { id: driverId, name: driverId, carrierId, idToken, truckIds, certifiedUntil } } };
}
