/** Roles a token may carry; any other is ignored. */
export const ROLES = ['PLATFORM_OPERATOR', 'STATION_OPERATOR', 'BATTERY_OWNER', 'CARRIER', 'DRIVER', 'VIEWER', 'SERVICE'] as const;
export type Role = (typeof ROLES)[number];

/** Who asks. */
export type Caller = {
  userId: string;
  name: string;
  roles: readonly Role[];
  /** The principal whose data the caller may see; null where the role needs none. */
  principalId: string | null;
};

export const isRole = (text: unknown): text is Role => ROLES.some((role) => role === text);
