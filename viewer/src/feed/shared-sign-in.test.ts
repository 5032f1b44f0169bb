import { afterEach, expect, it, vi } from 'vitest';
import { SharedSignInError, sharedSignIn } from './shared-sign-in.ts';

afterEach(() => void vi.unstubAllGlobals());

it.each([
  ['answers nothing', { open: () => ({}) }],
  [
    'lets no page write',
    {
      open: () => {
        throw new Error('denied');
      },
    },
  ],
])('says so when the database of the browser %s', async (_, database) => {
  vi.stubGlobal('indexedDB', database);
  const shared = sharedSignIn(20);
  await expect(shared.read()).rejects.toBeInstanceOf(SharedSignInError);
  await expect(shared.change(() => null)).rejects.toBeInstanceOf(SharedSignInError);
});
