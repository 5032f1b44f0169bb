import { AuthorizationError, UserAuthenticationExpiredError } from '@nats-io/transport-node';
import { expect, it } from 'vitest';
import { isRefusal } from './connection.ts';

it('takes credentials that do not count for a refusal, and a server too busy to check them for an outage', () => {
  const refusals = ['Authorization Violation', 'account authentication expired', 'Authentication Timeout'].map((text) =>
    AuthorizationError.parse(text),
  );
  expect(refusals.map(isRefusal)).toEqual([true, true, false]);
  expect(isRefusal(new Error('connect', { cause: AuthorizationError.parse('authorization violation') }))).toBe(true);
  expect(isRefusal(new Error('connect', { cause: AuthorizationError.parse('authentication timeout') }))).toBe(false);
  expect(isRefusal(new UserAuthenticationExpiredError('user authentication expired'))).toBe(true);
  expect(isRefusal(new Error('ECONNREFUSED'))).toBe(false);
});
