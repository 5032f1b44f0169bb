import type { CONNECTIVITY } from '@corridor/protocols/http/scene';

type Connectivity = (typeof CONNECTIVITY)[number];

/** State of a gateway actor as the screen names it. */
export function connectivityOf(gatewayState: string): Connectivity {
  switch (gatewayState) {
    case 'online':
      return 'ONLINE';
    case 'backfilling':
      return 'BACKFILLING';
    case 'neverSeen':
    case UNKNOWN_STATE:
      return 'NEVER_SEEN';
    default:
      return 'OFFLINE';
  }
}

/** State shown for an entity that has no actor. */
export const UNKNOWN_STATE = 'unknown';
