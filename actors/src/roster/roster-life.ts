/** What takes part: principals and drivers, and what belongs to them. */
export const ROSTER_KINDS = ['PRINCIPAL', 'STATION', 'PACK', 'TRUCK', 'DRIVER'] as const;
export type RosterKind = (typeof ROSTER_KINDS)[number];
/** Kinds that belong to somebody, in intervals. */
export type OwnedKind = Extract<RosterKind, 'STATION' | 'PACK' | 'TRUCK'>;

export const ROSTER_STATES = ['APPLIED', 'REJECTED', 'CERTIFIED', 'ACTIVE', 'SUSPENDED', 'DEREGISTERED'] as const;
export type RosterState = (typeof ROSTER_STATES)[number];

export const ROSTER_STEPS = ['APPLY', 'CERTIFY', 'REJECT', 'ACTIVATE', 'SUSPEND', 'RESUME', 'DEREGISTER'] as const;
export type RosterStep = (typeof ROSTER_STEPS)[number];

/**
 * The life of whoever or whatever takes part (认证注册, 注销). null: not possible. Who left, or was rejected, may apply again; what is
 * certified and never became active just leaves.
 */
export const ROSTER_LIFE: Readonly<Record<RosterState, Readonly<Record<RosterStep, RosterState | null>>>> = {
  APPLIED: {
    APPLY: null,
    CERTIFY: 'CERTIFIED',
    REJECT: 'REJECTED',
    ACTIVATE: null,
    SUSPEND: null,
    RESUME: null,
    DEREGISTER: 'DEREGISTERED',
  },
  REJECTED: {
    APPLY: 'APPLIED',
    CERTIFY: null,
    REJECT: null,
    ACTIVATE: null,
    SUSPEND: null,
    RESUME: null,
    DEREGISTER: 'DEREGISTERED',
  },
  CERTIFIED: {
    APPLY: null,
    CERTIFY: null,
    REJECT: 'REJECTED',
    ACTIVATE: 'ACTIVE',
    SUSPEND: null,
    RESUME: null,
    DEREGISTER: 'DEREGISTERED',
  },
  ACTIVE: {
    APPLY: null,
    CERTIFY: null,
    REJECT: null,
    ACTIVATE: null,
    SUSPEND: 'SUSPENDED',
    RESUME: null,
    DEREGISTER: 'DEREGISTERED',
  },
  SUSPENDED: {
    APPLY: null,
    CERTIFY: null,
    REJECT: null,
    ACTIVATE: null,
    SUSPEND: null,
    RESUME: 'ACTIVE',
    DEREGISTER: 'DEREGISTERED',
  },
  DEREGISTERED: {
    APPLY: 'APPLIED',
    CERTIFY: null,
    REJECT: null,
    ACTIVATE: null,
    SUSPEND: null,
    RESUME: null,
    DEREGISTER: null,
  },
};

/** @param state null: nobody applied for it yet. @returns null when the step is not possible */
export function nextRosterState(state: RosterState | null, step: RosterStep): RosterState | null {
  if (state === null) return step === 'APPLY' ? 'APPLIED' : null;
  return ROSTER_LIFE[state][step];
}
