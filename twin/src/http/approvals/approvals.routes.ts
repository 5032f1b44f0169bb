import type { AgreementKind } from '@corridor/actors/agreement/agreement';
import { localDateOf } from '@corridor/actors/tariff/local-time';
import { Literals } from '@corridor/protocols/literals';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import {
  agreementsWaitingFor,
  offersWaitingFor,
  receiversWaitingFor,
  type WaitedFor,
  withdrawalsWaitingFor,
} from '../../approvals/waiting-approvals.queries.ts';
import type { Database } from '../../db/db.ts';
import { bookOwnerOf, type Rights, rightsOf } from '../../projection/rights.ts';
import type { PaymentSide } from '../../rail/payment-side.ts';
import { readAs } from '../../rights/read-as.ts';
import { callerOf } from '../caller.ts';

/** By the routes on which they are looked at and approved. */
const APPROVAL_KINDS = [
  'tariffs',
  'station-rates',
  'battery-rates',
  'contracts',
  'alliances',
  'settlement-agreements',
  'withdrawals',
  'receivers',
  'ownership-offers',
] as const;
const ROUTE_OF: Readonly<Record<AgreementKind | 'SETTLEMENT', (typeof APPROVAL_KINDS)[number]>> = {
  TIME_OF_USE: 'tariffs',
  STATION_RATE: 'station-rates',
  BATTERY_RATE: 'battery-rates',
  CONTRACT: 'contracts',
  ALLIANCE: 'alliances',
  SETTLEMENT: 'settlement-agreements',
};
const N = Type.Union([Type.String(), Type.Null()]);
const WaitingView = Type.Object({
  kind: Literals(APPROVAL_KINDS),
  id: Type.String({ description: 'of the draft; of a receiver: the principal' }),
  subjectId: Type.String({ description: 'whom or what it is about' }),
  beginsOn: Type.Union([Type.String(), Type.Null()], { description: 'first local day, of agreements; null: from its approval' }),
  amountFen: Type.Union([Type.String(), Type.Null()], { description: 'of payments' }),
  offered: Type.Union([Type.Object({ kind: Literals(['STATION', 'PACK', 'TRUCK']), fromPrincipalId: Type.String() }), Type.Null()], {
    description: 'of ownership offers: what changes hands, and whose it is',
  }),
  draftedBy: N,
  draftedAt: Type.String(),
});
type Waiting = Static<typeof WaitingView>;

export interface ApprovalsRoutesOptions {
  database: Database;
  platformId: string;
  /** null: there is no payment rail. */
  payments: PaymentSide | null;
  scopeNowMs: () => number;
}

/** What somebody else drafted or offers, and cannot begin before the caller has looked at it. */
export const approvalsRoutes: FastifyPluginAsyncTypebox<ApprovalsRoutesOptions> = async (app, options) => {
  app.get(
    '/approvals',
    {
      schema: {
        tags: ['agreements'],
        summary:
          "Drafts of agreements, payments back, payout accounts and offers of ownership that wait for the caller's approval, oldest first",
        response: { 200: Type.Object({ items: Type.Array(WaitingView) }) },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const rights = rightsOf(caller);
      const principalId = rights.kind === 'ALL' ? options.platformId : bookOwnerOf(rights);
      // Drivers and guests are of no party.
      if (principalId === null) return { items: [] };
      const by = { userId: caller.userId, principalId };
      const found = [
        ...(await agreements(options, rights, by)),
        ...(await payments(options, rights, by)),
        ...(await offers(options, rights, principalId)),
      ];
      return { items: found.sort((one, other) => one.draftedAt.localeCompare(other.draftedAt)) };
    },
  );
};

async function agreements({ database, platformId, scopeNowMs }: ApprovalsRoutesOptions, rights: Rights, by: WaitedFor): Promise<Waiting[]> {
  const rows = await agreementsWaitingFor(readAs(database, rights), platformId, by, localDateOf(scopeNowMs()));
  return rows.map(({ kind, begins_on, ...row }) => ({
    kind: ROUTE_OF[kind],
    ...told(row),
    beginsOn: begins_on,
    amountFen: null,
    offered: null,
  }));
}

/** Of payments back the carrier or the platform is the second person; of where parties are paid out, the platform. */
async function payments(options: ApprovalsRoutesOptions, rights: Rights, { userId, principalId }: WaitedFor): Promise<Waiting[]> {
  const { database, platformId } = options;
  const isPlatform = rights.kind === 'ALL';
  if (options.payments === null || (!isPlatform && rights.kind !== 'CARRIER')) return [];
  const withdrawals = await withdrawalsWaitingFor(readAs(database, rights), platformId, userId, isPlatform ? null : principalId);
  const receivers = isPlatform ? await receiversWaitingFor(database.pool, platformId, userId, options.payments.channel) : [];
  return [
    ...withdrawals.map((row) => ({
      kind: 'withdrawals' as const,
      ...told(row),
      beginsOn: null,
      amountFen: row.amount_fen.toString(),
      offered: null,
    })),
    ...receivers.map((row) => ({ kind: 'receivers' as const, ...told(row), beginsOn: null, amountFen: null, offered: null })),
  ];
}

/** Whoever of the buyer may take what is offered; of itself the platform buys like any other. */
async function offers({ database, platformId }: ApprovalsRoutesOptions, rights: Rights, principalId: string): Promise<Waiting[]> {
  const rows = await offersWaitingFor(readAs(database, rights), platformId, principalId);
  return rows.map((row) => ({
    kind: 'ownership-offers' as const,
    ...told(row),
    beginsOn: null,
    amountFen: null,
    offered: { kind: row.asset_kind, fromPrincipalId: row.from_principal_id },
  }));
}

const told = (row: { id: string; subject_id: string; drafted_by: string | null; drafted_at: Date }) => ({
  id: row.id,
  subjectId: row.subject_id,
  draftedBy: row.drafted_by,
  draftedAt: row.drafted_at.toISOString(),
});
