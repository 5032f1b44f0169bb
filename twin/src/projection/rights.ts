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
  /** Signed in, with no role that sees anything of anybody: public data of stations only. */
  | { readonly kind: 'PUBLIC' };

export const ALL_RIGHTS: Rights = { kind: 'ALL' };

export interface RightsHolder {
  readonly roles: readonly string[];
  readonly principalId: string | null;
}

/** The widest right of the caller's roles; a role that is bound to a principal counts for nothing without one. */
export function rightsOf({ roles, principalId }: RightsHolder): Rights {
  if (roles.includes('PLATFORM_OPERATOR') || roles.includes('SERVICE')) return ALL_RIGHTS;
  if (principalId === null) return { kind: 'PUBLIC' };
  if (roles.includes('STATION_OPERATOR')) return { kind: 'STATION_OPERATOR', principalId };
  if (roles.includes('BATTERY_OWNER')) return { kind: 'BATTERY_OWNER', principalId };
  if (roles.includes('CARRIER') || roles.includes('DRIVER')) return { kind: 'CARRIER', principalId };
  return { kind: 'PUBLIC' };
}

/** Callers with the same key get the same bytes. */
export const rightsKey = (rights: Rights): string =>
  rights.kind === 'ALL' || rights.kind === 'PUBLIC' ? rights.kind : `${rights.kind}:${rights.principalId}`;
