import { ROSTER_KINDS, ROSTER_STATES, type RosterKind } from '@corridor/actors/roster/roster-life';
import { assert } from '@corridor/protocols/assert';
import { Literals } from '@corridor/protocols/literals';
import { type Static, Type } from 'typebox';
import type { Database } from '../../db/db.ts';
import type { Rights } from '../../projection/rights.ts';
import { readAs } from '../../rights/read-as.ts';
import { definitionsOf, findRegistration, type RegistrationRow } from '../../roster/registrations.queries.ts';
import { notFound } from '../problem.ts';

export const RegistrationView = Type.Object({
  kind: Literals(ROSTER_KINDS),
  id: Type.String(),
  state: Literals(ROSTER_STATES),
  principalId: Type.String({ description: 'whose it is; of a principal itself' }),
  identity: Type.Union([Type.Record(Type.String(), Type.String()), Type.Null()], { description: 'masked' }),
  definition: Type.Record(Type.String(), Type.Unknown(), { description: 'as it was applied for, without the token of a driver' }),
  reason: Type.Union([Type.String(), Type.Null()], { description: 'why it was rejected or suspended' }),
  appliedBy: Type.String(),
  appliedAt: Type.String(),
  changedAt: Type.String(),
});

type RegistrationView = Static<typeof RegistrationView>;

/** Registrations that the caller has been shown, with what was applied for. */
export async function registrationViews(
  database: Database,
  platformId: string,
  rows: readonly RegistrationRow[],
): Promise<RegistrationView[]> {
  const definitions = await definitionsOf(database.pool, platformId, rows);
  return rows.map((row) => {
    const definition = definitions.get(`${row.kind}/${row.entity_id}`);
    // A registration is never taken away.
    assert(definition !== undefined, `${row.kind} ${row.entity_id} has no definition`);
    return {
      kind: row.kind,
      id: row.entity_id,
      state: row.state,
      principalId: row.principal_id,
      identity: row.identity_shown,
      definition,
      reason: row.reason,
      appliedBy: row.applied_by,
      appliedAt: row.applied_at.toISOString(),
      changedAt: row.changed_at.toISOString(),
    };
  });
}

/** One of them. @throws ProblemError when there is none, or not for the caller */
export async function registrationViewOf(
  database: Database,
  platformId: string,
  of: { rights: Rights; kind: RosterKind; id: string },
): Promise<RegistrationView> {
  const row = await findRegistration(readAs(database, of.rights), platformId, of.kind, of.id);
  const [view] = await registrationViews(database, platformId, row === null ? [] : [row]);
  if (view === undefined) throw notFound('registration', `${of.kind} ${of.id}`);
  return view;
}
