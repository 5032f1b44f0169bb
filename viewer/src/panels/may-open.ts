import type { Person } from '../feed/person.ts';

/** Whether the twin shows somebody the actor behind a thing: to the platform, and to whose it is. */
export function mayOpen(person: Person | null, ownerId: string | null | undefined): boolean {
  if (person === null || person.roles.includes('DRIVER')) return false;
  return person.roles.includes('PLATFORM_OPERATOR') || (ownerId !== null && ownerId !== undefined && person.principalId === ownerId);
}
