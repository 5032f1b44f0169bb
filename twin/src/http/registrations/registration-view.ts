import { ROSTER_KINDS, ROSTER_STATES } from '@corridor/actors/roster/roster-life';
import { Literals } from '@corridor/protocols/literals';
import { Type } from 'typebox';
import type { RegistrationRow } from '../../roster/registrations.queries.ts';

export const RegistrationView = Type.Object({
  kind: Literals(ROSTER_KINDS),
  id: Type.String(),
  state: Literals(ROSTER_STATES),
  principalId: Type.String({ description: 'whose it is; of a principal itself' }),
  identity: Type.Union([Type.Record(Type.String(), Type.String()), Type.Null()], { description: 'masked' }),
  reason: Type.Union([Type.String(), Type.Null()], { description: 'why it was rejected or suspended' }),
  appliedBy: Type.String(),
  appliedAt: Type.String(),
  changedAt: Type.String(),
});

export const registrationView = (row: RegistrationRow) => ({
  kind: row.kind,
  id: row.entity_id,
  state: row.state,
  principalId: row.principal_id,
  identity: row.identity_shown,
  reason: row.reason,
  appliedBy: row.applied_by,
  appliedAt: row.applied_at.toISOString(),
  changedAt: row.changed_at.toISOString(),
});
