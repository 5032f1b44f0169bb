import type { DriverDefinition, PackDefinition, Principal, StationDefinition, TruckDefinition } from '@corridor/protocols/network-file';
import type { OwnedKind, RosterKind } from './roster-life.ts';

/** Who or what takes part, as it is defined. */
export type RosterEntry =
  | { readonly kind: 'PRINCIPAL'; readonly definition: Principal }
  | { readonly kind: 'STATION'; readonly definition: StationDefinition }
  | { readonly kind: 'PACK'; readonly definition: PackDefinition }
  | { readonly kind: 'TRUCK'; readonly definition: TruckDefinition }
  | { readonly kind: 'DRIVER'; readonly definition: DriverDefinition };

/** What changes who takes part, in the one order of the partition: what is authorised after it goes by it. */
export type RosterAct =
  | { readonly act: 'ACTIVATE'; readonly entry: RosterEntry }
  | { readonly act: 'SUSPEND'; readonly kind: RosterKind; readonly id: string; readonly reason: string }
  | { readonly act: 'RESUME'; readonly kind: RosterKind; readonly id: string }
  /** @param energyWh of a truck with a deposit: in the pack that it gave back, as measured */
  | { readonly act: 'DEREGISTER'; readonly kind: RosterKind; readonly id: string; readonly energyWh: bigint | null }
  | { readonly act: 'TRANSFER'; readonly kind: OwnedKind; readonly id: string; readonly toPrincipalId: string };

/** A definition that is in force from now on, or ends now; what changed hands. */
export type RosterChange =
  | { readonly act: 'ACTIVATE'; readonly entry: RosterEntry }
  | { readonly act: 'SUSPEND' | 'RESUME' | 'DEREGISTER'; readonly kind: RosterKind; readonly id: string; readonly reason: string | null }
  | {
      readonly act: 'TRANSFER';
      readonly entry: Extract<RosterEntry, { kind: OwnedKind }>;
      readonly fromPrincipalId: string;
      readonly toPrincipalId: string;
    };

export const subjectOfAct = (act: RosterAct | RosterChange): { kind: RosterKind; id: string } =>
  'entry' in act ? { kind: act.entry.kind, id: act.entry.definition.id } : { kind: act.kind, id: act.id };

/** Whose it is; of a principal itself. */
export function ownerOfEntry(entry: RosterEntry): string {
  switch (entry.kind) {
    case 'PRINCIPAL':
      return entry.definition.id;
    case 'STATION':
      return entry.definition.operatorId;
    case 'PACK':
      return entry.definition.ownerId;
    case 'TRUCK':
    case 'DRIVER':
      return entry.definition.carrierId;
  }
}

/** The entry with another owner. */
export function entryOwnedBy(entry: Extract<RosterEntry, { kind: OwnedKind }>, principalId: string): typeof entry {
  switch (entry.kind) {
    case 'STATION':
      return { kind: 'STATION', definition: { ...entry.definition, operatorId: principalId } };
    case 'PACK':
      return { kind: 'PACK', definition: { ...entry.definition, ownerId: principalId } };
    case 'TRUCK':
      return { kind: 'TRUCK', definition: { ...entry.definition, carrierId: principalId } };
  }
}
