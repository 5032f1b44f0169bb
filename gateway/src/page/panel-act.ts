import { assertNever } from '@corridor/protocols/assert';
import { IdText } from '@corridor/protocols/ids';
import { Type } from 'typebox';
import type { PanelAct } from '../ports/local-panel.ts';
import { activeInterlock } from '../procedure/interlocks.ts';
import { localAbortRefusal } from '../procedure/procedure.ts';
import type { SwapRecord } from '../procedure/swap-record.ts';
import type { BayController } from '../station/bay-controller.ts';
import type { StationCore } from '../station/station-core.ts';

const bayId = IdText('bay of this station');
const act = <K extends PanelAct['kind'], F extends Record<string, ReturnType<typeof Type.String> | ReturnType<typeof Type.Integer>>>(
  kind: K,
  fields: F,
) => Type.Object({ kind: Type.Literal(kind), ...fields }, { additionalProperties: false });

/** What the page may send: the acts of the local panel. */
export const PanelActBody = Type.Union([
  act('RESUME_CONFIRMED', { bayId }),
  act('IDENTITY_CONFIRMED', {
    bayId,
    truckId: IdText('truck that stands in the bay'),
    plate: Type.String({ minLength: 1, maxLength: 16 }),
  }),
  act('ABORT', { bayId }),
  act('GIVEN_UP', { bayId, detail: Type.String({ minLength: 1, maxLength: 400 }) }),
  act('QUARANTINE_LIFTED', { evseId: Type.Integer({ minimum: 1, maximum: 999 }) }),
]);

/** `status` of HTTP and a reason code: an act that would be ignored by the procedure is refused instead, so that nobody believes it was done. */
export type ActRefusal = { status: 404 | 409; code: string };

const conflict = (code: string): ActRefusal => ({ status: 409, code });

/** Why a person may not say that people clear the bay; null = it may. */
export function giveUpRefusal(record: SwapRecord): string | null {
  return record.phase === 'LEAVING' || record.phase === 'BLOCKED' ? 'SWAP_NOT_WAITING' : null;
}

function bayActRefusal(act: Exclude<PanelAct, { kind: 'QUARANTINE_LIFTED' }>, bay: BayController): ActRefusal | null {
  const { record } = bay;
  if (!record) return conflict('SWAP_NOT_WAITING');
  switch (act.kind) {
    case 'RESUME_CONFIRMED': {
      if (record.held === null) return conflict('SWAP_NOT_WAITING');
      const world = bay.world();
      const interlock = activeInterlock(record.phase, world.bay, world.station, world.config);
      return interlock === null ? null : conflict(interlock);
    }
    case 'IDENTITY_CONFIRMED':
      return record.phase === 'CONFIRM_IDENTITY' ? null : conflict('SWAP_NOT_WAITING');
    case 'ABORT': {
      const code = localAbortRefusal(record);
      return code === null ? null : conflict(code);
    }
    case 'GIVEN_UP': {
      const code = giveUpRefusal(record);
      return code === null ? null : conflict(code);
    }
    default:
      return assertNever(act, 'panel act');
  }
}

/** Why this act cannot be done now; null = it can. */
export function actRefusal(act: PanelAct, core: StationCore, bays: readonly BayController[]): ActRefusal | null {
  if (act.kind !== 'QUARANTINE_LIFTED') {
    const bay = bays.find((candidate) => candidate.bay.bayId === act.bayId);
    return bay ? bayActRefusal(act, bay) : { status: 404, code: 'BAY_UNKNOWN' };
  }
  const slot = core.equipment.rack.slots().find(({ evseId }) => evseId === act.evseId);
  if (!slot) return { status: 404, code: 'EVSE_UNKNOWN' };
  return core.blocks.isBlocked(act.evseId) ? null : conflict('SLOT_NOT_QUARANTINED');
}
