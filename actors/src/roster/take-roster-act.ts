import { joiningDeposit, returnDeposit } from '../account/deposit-act.rules.ts';
import { type EntityRef, refOf } from '../network/entity-ref.ts';
import type { Tell } from '../network/message.ts';
import type { ReferenceStore } from '../network/reference-store.ts';
import type { Registration } from '../network/registration.ts';
import { leavingRefusal, type Refused, type Roster, type RosterView, transferRefusal } from './leaving.rules.ts';
import { entryOwnedBy, ownerOfEntry, type RosterAct, type RosterChange, type RosterEntry } from './roster-act.ts';
import type { OwnedKind, RosterKind } from './roster-life.ts';

/** Who takes part, as an act changes it. */
export type RosterBook = Roster & Pick<ReferenceStore, 'apply' | 'suspend' | 'resume' | 'remove'>;

/** What an act becomes; `refused` or all of the rest. */
export type Taken =
  | { readonly ok: false; readonly refused: Refused }
  | {
      readonly ok: true;
      readonly change: RosterChange;
      /** Actors that come, and those that go. */
      readonly registers: Registration | null;
      readonly retires: readonly EntityRef[];
      readonly tells: readonly Tell[];
    };

const refuse = (code: Refused['code'], detail: string): Taken => ({ ok: false, refused: { code, detail } });
const taken = (change: RosterChange, rest: Partial<Pick<Extract<Taken, { ok: true }>, 'registers' | 'retires' | 'tells'>> = {}): Taken => ({
  ok: true,
  change,
  registers: null,
  retires: [],
  tells: [],
  ...rest,
});

/** Decides an act on who takes part. Changes nothing by itself: see `applyRosterChange`. */
export function takeRosterAct(act: RosterAct, atMs: number, network: RosterView): Taken {
  const { reference } = network;
  switch (act.act) {
    case 'ACTIVATE':
      return activate(act.entry, atMs, network);
    case 'SUSPEND':
    case 'RESUME': {
      if (definitionOf(reference, act.kind, act.id) === undefined) return refuse('NOT_FOUND', `${act.id} is not registered`);
      const isSuspended = reference.suspensionOf(act.kind, act.id) !== null;
      if (isSuspended === (act.act === 'SUSPEND')) return refuse('NOT_POSSIBLE', `${act.id} is ${isSuspended ? '' : 'not '}suspended`);
      return taken({ act: act.act, kind: act.kind, id: act.id, reason: act.act === 'SUSPEND' ? act.reason : null });
    }
    case 'DEREGISTER':
      return deregister(act, atMs, network);
    case 'TRANSFER': {
      const entry = ownedEntryOf(reference, act.kind, act.id);
      if (entry === null) return refuse('NOT_FOUND', `${act.id} is not registered`);
      const fromPrincipalId = ownerOfEntry(entry);
      if (fromPrincipalId === act.toPrincipalId) return refuse('NOT_POSSIBLE', `${act.id} is ${act.toPrincipalId}'s already`);
      const refused = transferRefusal(network, act.kind, act.id, act.toPrincipalId);
      if (refused !== null) return { ok: false, refused };
      const { toPrincipalId } = act;
      return taken({ act: 'TRANSFER', entry: entryOwnedBy(entry, toPrincipalId), fromPrincipalId, toPrincipalId });
    }
  }
}

/** Between two inputs: what is authorised from now on goes by it. */
export function applyRosterChange(change: RosterChange, book: RosterBook): void {
  switch (change.act) {
    case 'ACTIVATE':
    case 'TRANSFER':
      book.apply(asReference(change.entry));
      return;
    case 'SUSPEND':
      book.suspend(change.kind, change.id, change.reason ?? '');
      return;
    case 'RESUME':
      book.resume(change.kind, change.id);
      return;
    case 'DEREGISTER':
      book.remove(change.kind, change.id);
  }
}

function asReference(entry: RosterEntry): Parameters<RosterBook['apply']>[0] {
  switch (entry.kind) {
    case 'PRINCIPAL':
      return { principals: [entry.definition] };
    case 'STATION':
      return { stations: [entry.definition] };
    case 'PACK':
      return { packs: [entry.definition] };
    case 'TRUCK':
      return { trucks: [entry.definition] };
    case 'DRIVER':
      return { drivers: [entry.definition] };
  }
}

function definitionOf(reference: Roster, kind: RosterKind, id: string): RosterEntry['definition'] | undefined {
  switch (kind) {
    case 'PRINCIPAL':
      return reference.principal(id);
    case 'STATION':
      return reference.station(id);
    case 'PACK':
      return reference.pack(id);
    case 'TRUCK':
      return reference.truck(id);
    case 'DRIVER':
      return reference.driver(id);
  }
}

function ownedEntryOf(reference: Roster, kind: OwnedKind, id: string): Extract<RosterEntry, { kind: OwnedKind }> | null {
  switch (kind) {
    case 'STATION': {
      const definition = reference.station(id);
      return definition === undefined ? null : { kind, definition };
    }
    case 'PACK': {
      const definition = reference.pack(id);
      return definition === undefined ? null : { kind, definition };
    }
    case 'TRUCK': {
      const definition = reference.truck(id);
      return definition === undefined ? null : { kind, definition };
    }
  }
}

const OWNER_KINDS = { STATION: 'STATION_OPERATOR', PACK: 'BATTERY_OWNER', TRUCK: 'CARRIER', DRIVER: 'CARRIER' } as const;

function activate(entry: RosterEntry, atMs: number, network: RosterView): Taken {
  const { reference } = network;
  const { kind, definition } = entry;
  const { id } = definition;
  if (definitionOf(reference, kind, id) !== undefined) return refuse('ID_TAKEN', `${id} takes part already`);
  // Stations and trucks are sources of messages, known by their ids alone.
  if ((kind === 'TRUCK' && reference.station(id)) || (kind === 'STATION' && reference.truck(id)))
    return refuse('ID_TAKEN', `${id} is taken`);
  if (kind === 'PRINCIPAL') return taken({ act: 'ACTIVATE', entry }, { registers: { asset: 'principal', id } });
  const ownerId = ownerOfEntry(entry);
  if (reference.principal(ownerId)?.kind !== OWNER_KINDS[kind]) return refuse('OWNER_UNKNOWN', `${ownerId} is no ${OWNER_KINDS[kind]}`);
  switch (kind) {
    case 'DRIVER': {
      const holder = reference.driverByToken(definition.idToken.idToken);
      if (holder !== undefined) return refuse('ID_TAKEN', 'another driver has this token');
      return taken({ act: 'ACTIVATE', entry });
    }
    case 'PACK': {
      const { kind: place, id: placeId } = definition.initial;
      if (reference.packType(definition.typeCode) === undefined) return refuse('NOT_FOUND', `there is no pack type ${definition.typeCode}`);
      const holder = place === 'SLOT' ? network.view(refOf('slot', placeId)) : network.view(refOf('truck', placeId));
      if (holder === undefined) return refuse('NOT_FOUND', `there is no ${place} ${placeId}`);
      if ((holder.context as { packId: string | null }).packId !== null) return refuse('PLACE_TAKEN', `${placeId} holds a pack`);
      const { typeCode, initialSocPercent: socPercent, initialSohPercent: sohPercent } = definition;
      const deposit = joiningDeposit({ truckId: placeId, content: { typeCode, socPercent, sohPercent }, intentId: null, atMs }, network);
      if (!deposit.ok) return { ok: false, refused: deposit.refused };
      return taken({ act: 'ACTIVATE', entry }, { registers: { asset: 'pack', id }, tells: deposit.tells });
    }
    case 'STATION':
      return taken({ act: 'ACTIVATE', entry }, { registers: { asset: 'station', id } });
    case 'TRUCK':
      return taken({ act: 'ACTIVATE', entry }, { registers: { asset: 'truck', id } });
  }
}

function deregister(act: Extract<RosterAct, { act: 'DEREGISTER' }>, atMs: number, network: RosterView): Taken {
  const { kind, id, energyWh } = act;
  const { reference } = network;
  if (definitionOf(reference, kind, id) === undefined) return refuse('NOT_FOUND', `${id} is not registered`);
  if (kind === 'PRINCIPAL' && id === reference.platformId) return refuse('NOT_POSSIBLE', 'the platform does not leave itself');
  const refused = leavingRefusal(network, kind, id);
  if (refused !== null) return { ok: false, refused };
  const change: RosterChange = { act: 'DEREGISTER', kind, id, reason: null };
  const retires = actorsOf(network, kind, id);
  if (kind !== 'TRUCK') return taken(change, { retires });
  const deposit = returnDeposit({ truckId: id, energyWh, intentId: null, atMs }, network);
  if (deposit?.ok) return taken(change, { retires, tells: deposit.tells });
  return deposit === null || deposit.refused.code === 'DEPOSIT_UNKNOWN'
    ? taken(change, { retires })
    : { ok: false, refused: deposit.refused };
}

function actorsOf(network: RosterView, kind: RosterKind, id: string): EntityRef[] {
  const parts = (part: 'bay' | 'slot') => [...network.refs(part)].filter((each) => each.slice(0, each.lastIndexOf('-')) === id);
  switch (kind) {
    case 'STATION':
      return [
        refOf('gateway', id),
        refOf('station', id),
        ...parts('bay').map((bay) => refOf('bay', bay)),
        ...parts('slot').map((slot) => refOf('slot', slot)),
      ];
    case 'TRUCK':
      return [refOf('gateway', id), refOf('truck', id)];
    case 'PACK':
      return [refOf('pack', id)];
    // Its account stays: the books are kept.
    case 'PRINCIPAL':
    case 'DRIVER':
      return [];
  }
}
