import type { DriverDefinition, Principal, PrincipalKind } from '@corridor/protocols/network-file';
import type { Caller, Role } from './caller.ts';

const ROLE_OF: Readonly<Record<PrincipalKind, Role>> = {
  PLATFORM: 'PLATFORM_OPERATOR',
  STATION_OPERATOR: 'STATION_OPERATOR',
  BATTERY_OWNER: 'BATTERY_OWNER',
  CARRIER: 'CARRIER',
};

/** Who is signed in without a password; shown by name to choose from. */
export type DemoUser = Caller & { nameZh: string };

/**
 * Users of the demo sign-in: two of each principal, because who drafted an agreement does not approve it for his own party,
 * one driver of each carrier, one who has yet to register, and a guest who only looks.
 */
export function demoUsers(principals: readonly Principal[], drivers: readonly DriverDefinition[]): DemoUser[] {
  const firstDrivers = principals.flatMap(({ id }) => drivers.find(({ carrierId }) => carrierId === id) ?? []);
  return [
    ...principals.flatMap((principal) => [personOf(principal), secondPersonOf(principal)]),
    ...firstDrivers.map(
      (driver): DemoUser => ({
        userId: `demo-${driver.id}`,
        name: driver.name,
        nameZh: `${principals.find(({ id }) => id === driver.carrierId)?.nameZh ?? ''}司机`,
        roles: ['DRIVER'],
        principalId: driver.carrierId,
        driverId: driver.id,
        scopes: [],
      }),
    ),
    ...principals
      .filter(({ kind }) => kind === 'CARRIER')
      .slice(0, 1)
      .map(newcomerOf),
    { userId: 'demo-guest', name: 'Guest', nameZh: '访客', roles: ['VIEWER'], principalId: null, driverId: null, scopes: [] },
  ];
}

const personOf = ({ id, kind, name, nameZh }: Principal): DemoUser => ({
  userId: `demo-${id}`,
  name,
  nameZh,
  roles: [ROLE_OF[kind]],
  principalId: id,
  driverId: null,
  scopes: [],
});

/** A driver of whom nothing is known yet but what his token says: whose he is, and his number. */
const newcomerOf = ({ id, nameZh }: Principal): DemoUser => ({
  userId: 'demo-D-NEW',
  name: 'New driver',
  nameZh: `${nameZh}新司机`,
  roles: ['DRIVER'],
  principalId: id,
  driverId: 'D-NEW',
  scopes: [],
});

const secondPersonOf = (principal: Principal): DemoUser => ({
  ...personOf(principal),
  userId: `demo-${principal.id}-2`,
  name: `${principal.name} (second person)`,
  nameZh: `${principal.nameZh}（复核人）`,
});
