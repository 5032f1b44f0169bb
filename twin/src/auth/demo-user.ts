import type { DriverDefinition, Principal, PrincipalKind } from '@corridor/protocols/network-file';
import type { Caller, Role } from './caller.ts';

const ROLE_OF: Readonly<Record<PrincipalKind, Role>> = {
  PLATFORM: 'PLATFORM_OPERATOR',
  STATION_OPERATOR: 'STATION_OPERATOR',
  BATTERY_OWNER: 'BATTERY_OWNER',
  CARRIER: 'CARRIER',
};

/** Users of the demo sign-in: one of each principal, one driver of each carrier, and a guest who only looks. */
export function demoUsers(principals: readonly Principal[], drivers: readonly DriverDefinition[]): Caller[] {
  const firstDrivers = principals.flatMap(({ id }) => drivers.find(({ carrierId }) => carrierId === id) ?? []);
  return [
    ...principals.map(({ id, kind, name }): Caller => ({ userId: `demo-${id}`, name, roles: [ROLE_OF[kind]], principalId: id })),
    ...firstDrivers.map(
      (driver): Caller => ({ userId: `demo-${driver.id}`, name: driver.name, roles: ['DRIVER'], principalId: driver.carrierId }),
    ),
    { userId: 'demo-guest', name: 'Guest', roles: ['VIEWER'], principalId: null },
  ];
}
