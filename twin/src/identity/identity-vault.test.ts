import { randomBytes } from 'node:crypto';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IdentityKeysError, openIdentityVault, readIdentityKeys } from './identity-keys.ts';
import { maskIdentity } from './identity-mask.ts';
import { IdentityUnreadableError, IdentityVault } from './identity-vault.ts';

const key = (id: string) => ({ id, key: randomBytes(32) });
const person = { realName: '张三丰', idNumber: '11010519491231002X' };

it('opens what it sealed, for whom it was sealed, as it was sealed', () => {
  const vault = new IdentityVault([key('k1')]);
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string()), fc.string(), fc.nat(), (identity, of, at) => {
      const sealed = vault.seal(identity, of);
      expect(vault.open(sealed, of)).toEqual({ ...identity });
      const bytes = Buffer.from(sealed.bytes);
      bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ 1;
      expect(() => vault.open({ ...sealed, bytes }, of)).toThrow(IdentityUnreadableError);
      expect(() => vault.open(sealed, `${of}2`)).toThrow(IdentityUnreadableError);
    }),
  );
  expect(vault.seal(person, 'x').bytes.toString('latin1')).not.toContain(person.idNumber);
});

it('opens with a key that is old, and seals with the new one', () => {
  const [old, next] = [key('k1'), key('k2')];
  const sealed = new IdentityVault([old]).seal(person, 'PF:DRIVER:D1');
  const rotated = new IdentityVault([next, old]);
  expect(rotated.open(sealed, 'PF:DRIVER:D1')).toEqual(person);
  expect(rotated.seal(person, 'PF:DRIVER:D1').keyId).toBe('k2');
  expect(() => new IdentityVault([next]).open(sealed, 'PF:DRIVER:D1')).toThrow(IdentityUnreadableError);
});

it('shows the family name and the ends of numbers', () => {
  expect(maskIdentity(person)).toEqual({ realName: '张**', idNumber: '110*************2X' });
  expect(maskIdentity({ realName: '李', licenceNo: '12345' })).toEqual({ realName: '李*', licenceNo: '*****' });
});

it('makes a key of its own at home, and none in production', () => {
  using folder = temporaryFolder();
  const at = { identityKeysFile: null, dataDir: folder.path };
  expect(openIdentityVault({ ...at, isProduction: true })).toBeNull();
  const sealed = openIdentityVault({ ...at, isProduction: false })?.seal(person, 'x');
  if (sealed === undefined) throw new Error('no vault');
  expect(openIdentityVault({ ...at, isProduction: false })?.open(sealed, 'x')).toEqual(person);
  const ownFile = join(folder.path, 'identity.keys');
  expect(statSync(ownFile).mode & 0o777).toBe(0o600);
  // Lost, and made anew: what there is names another key, and that is said.
  rmSync(ownFile);
  const made = openIdentityVault({ ...at, isProduction: false });
  expect(made?.currentKeyId).not.toBe(sealed.keyId);
  expect(() => made?.open(sealed, 'x')).toThrow(`key ${sealed.keyId} is not in the file of identity keys`);
  const file = join(folder.path, 'keys');
  for (const text of ['', 'k1 short', `k1 ${'A'.repeat(43)}=\nk1 ${'B'.repeat(43)}=`]) {
    writeFileSync(file, text);
    expect(() => readIdentityKeys(file), text).toThrow(IdentityKeysError);
  }
});
