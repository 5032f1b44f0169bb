/** Roles a token may carry; any other is ignored. */
export const ROLES = ['PLATFORM_OPERATOR', 'STATION_OPERATOR', 'BATTERY_OWNER', 'CARRIER', 'DRIVER', 'VIEWER', 'SERVICE'] as const;
export type Role = (typeof ROLES)[number];

/**
 * What a service may do, one word a right: a token with the role SERVICE may call the routes that name one of its scopes, and
 * no other.
 */
export const SERVICE_SCOPES = ['network:read', 'accounts:read', 'gateways:enrol', 'trucks:register', 'payments:top-up'] as const;
export type ServiceScope = (typeof SERVICE_SCOPES)[number];

/** What the simulator of traffic needs: it enrols its gateways, and keeps its carriers' accounts filled. */
export const TRAFFIC_SCOPES = ['network:read', 'accounts:read', 'gateways:enrol', 'payments:top-up'] as const satisfies ServiceScope[];
/** What the replay of recorded trips needs: trucks of its own, and their credentials. */
export const REPLAY_SCOPES = ['network:read', 'gateways:enrol', 'trucks:register'] as const satisfies ServiceScope[];

/** Who asks. */
export type Caller = {
  userId: string;
  name: string;
  roles: readonly Role[];
  /** The principal whose data the caller may see; null where the role needs none. */
  principalId: string | null;
  /** Which of the carrier's drivers the caller is; null for everybody else. */
  driverId: string | null;
  /** Rights of a service; they mean nothing without the role SERVICE. */
  scopes: readonly ServiceScope[];
};

export const isRole = (text: unknown): text is Role => ROLES.some((role) => role === text);
export const isServiceScope = (text: unknown): text is ServiceScope => SERVICE_SCOPES.some((scope) => scope === text);
