import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nextRosterState, ROSTER_LIFE, ROSTER_STATES, ROSTER_STEPS, type RosterState } from './roster-life.ts';

it('begins with an application, and with nothing else', () => {
  for (const step of ROSTER_STEPS) expect(nextRosterState(null, step), step).toBe(step === 'APPLY' ? 'APPLIED' : null);
});

it('never becomes active without a certificate, whatever is tried in whatever order', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...ROSTER_STEPS), { maxLength: 40 }), (steps) => {
      let state: RosterState | null = null;
      let certified = false;
      for (const step of steps) {
        const next = nextRosterState(state, step);
        if (next === null) continue;
        if (next === 'CERTIFIED') certified = true;
        if (next === 'APPLIED' || next === 'REJECTED' || next === 'DEREGISTERED') certified = false;
        if (next === 'ACTIVE') expect(certified).toBe(true);
        state = next;
      }
    }),
  );
});

it('is stopped and resumed only while it takes part, and everybody can leave once', () => {
  for (const state of ROSTER_STATES) {
    expect(ROSTER_LIFE[state].SUSPEND !== null, state).toBe(state === 'ACTIVE');
    expect(ROSTER_LIFE[state].RESUME !== null, state).toBe(state === 'SUSPENDED');
    expect(ROSTER_LIFE[state].DEREGISTER !== null, state).toBe(state !== 'DEREGISTERED');
  }
});
