/**
 * What a caller may see. Everybody who sees the same is in one class, so that a scene is built and serialised once per
 * class, for HTTP and WebSocket alike.
 */
export type Rights =
  /** The platform's operators; and services, on the routes that their scopes open. */
  | { readonly kind: 'ALL' }
  | { readonly kind: 'STATION_OPERATOR'; readonly principalId: string }
  | { readonly kind: 'BATTERY_OWNER'; readonly principalId: string }
  | { readonly kind: 'CARRIER'; readonly principalId: string }
  /** One driver of a carrier: his truck, his swaps, his wallet; not his carrier's books. */
  | { readonly kind: 'DRIVER'; readonly driverId: string; readonly carrierId: string }
  /** Signed in, with no role that sees anything of anybody: public data of stations only. */
  | { readonly kind: 'PUBLIC' };

export const ALL_RIGHTS: Rights = { kind: 'ALL' };

export interface RightsHolder {
  readonly roles: readonly string[];
  readonly principalId: string | null;
  readonly driverId: string | null;
}

/** The widest right of the caller's roles; a role that is bound to a principal counts for nothing without one. */
export function rightsOf({ roles, principalId, driverId }: RightsHolder): Rights {
  if (roles.includes('PLATFORM_OPERATOR') || roles.includes('SERVICE')) return ALL_RIGHTS;
  if (principalId === null) return { kind: 'PUBLIC' };
  if (roles.includes('STATION_OPERATOR')) return { kind: 'STATION_OPERATOR', principalId };
  if (roles.includes('BATTERY_OWNER')) return { kind: 'BATTERY_OWNER', principalId };
  if (roles.includes('CARRIER')) return { kind: 'CARRIER', principalId };
  // A driver without a number is nobody in particular.
  if (roles.includes('DRIVER') && driverId !== null) return { kind: 'DRIVER', driverId, carrierId: principalId };
  return { kind: 'PUBLIC' };
}

/** Callers with the same key get the same bytes. */
export function rightsKey(rights: Rights): string {
  const subject = subjectOf(rights);
  return subject === null ? rights.kind : `${rights.kind}:${subject}`;
}

/** Whose data it is about: a principal, or one driver; null for who sees everything or nothing. */
export function subjectOf(rights: Rights): string | null {
  switch (rights.kind) {
    case 'ALL':
    case 'PUBLIC':
      return null;
    case 'DRIVER':
      return rights.driverId;
    default:
      return rights.principalId;
  }
}

/** Principal whose books the caller may read; null for who sees all of them or none. */
export const bookOwnerOf = (rights: Rights): string | null => (rights.kind === 'DRIVER' ? null : subjectOf(rights));
