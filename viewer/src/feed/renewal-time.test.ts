import { describe, expect, it } from 'vitest';
import { msToRenewal } from './renewal-time.ts';

const HOUR_MS = 3_600_000;
const issuedAtMs = 1_000 * HOUR_MS;
const hour = { issuedAtMs, expiresAtMs: issuedAtMs + HOUR_MS };

describe('when a token is renewed', () => {
  it('is a minute before its end, or in the last quarter of a short life', () => {
    expect(msToRenewal(hour, issuedAtMs, 'JUST_GOT')).toBe(HOUR_MS - 60_000);
    expect(msToRenewal({ issuedAtMs, expiresAtMs: issuedAtMs + 4_000 }, issuedAtMs, 'JUST_GOT')).toBe(3_000);
    expect(msToRenewal(hour, issuedAtMs + 50 * 60_000, 'BY_CLOCK')).toBe(9 * 60_000);
  });

  it('is at once where a kept one has ended, and not where the token does not say when it ends', () => {
    expect(msToRenewal(hour, issuedAtMs + 2 * HOUR_MS, 'BY_CLOCK')).toBe(0);
    expect(msToRenewal({ issuedAtMs, expiresAtMs: null }, issuedAtMs, 'JUST_GOT')).toBeNull();
  });

  it('leaves one that was just got its life, whatever the clock of the phone says', () => {
    for (const aheadMs of [-48 * HOUR_MS, -HOUR_MS, HOUR_MS, 48 * HOUR_MS]) {
      expect(msToRenewal(hour, issuedAtMs + aheadMs, 'JUST_GOT')).toBe(HOUR_MS - 60_000);
      const unknown = msToRenewal({ ...hour, issuedAtMs: null }, issuedAtMs + aheadMs, 'JUST_GOT') ?? 0;
      expect(unknown).toBeGreaterThanOrEqual(1_000);
    }
  });

  it('pauses between two, however short the provider makes their lives', () => {
    for (const lifeMs of [-1_000, 0, 10])
      expect(msToRenewal({ issuedAtMs, expiresAtMs: issuedAtMs + lifeMs }, issuedAtMs, 'JUST_GOT')).toBe(1_000);
  });
});
