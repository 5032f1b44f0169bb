/**
 * Alarms that follow from another at the same station, or of the same thing: whoever sees to the cause ends them, so they are not worth a look of
 * their own while it stands (ISA-18.2: suppressed by design). Danger is never suppressed: a consequence of a higher level than its cause is told.
 */
export const CONSEQUENCES: Readonly<Record<string, { readonly codes: readonly string[]; readonly within: 'STATION' | 'THING' }>> = {
  // Chargers get no power, and the control is silent when its UPS is empty.
  BLACKOUT: { codes: ['CHARGER_DOWN', 'GRID_LIMIT', 'GATEWAY_OFFLINE'], within: 'STATION' },
  SLOT_SMOKE: { codes: ['SLOT_QUARANTINED', 'SMOKE', 'CHARGER_DOWN'], within: 'THING' },
  // Its times cannot be compared while nothing comes.
  GATEWAY_OFFLINE: { codes: ['CLOCK_SKEW'], within: 'THING' },
};
export const CAUSES_OF = new Map<string, string[]>();
for (const [cause, { codes }] of Object.entries(CONSEQUENCES))
  for (const code of codes) CAUSES_OF.set(code, [...(CAUSES_OF.get(code) ?? []), cause]);

/** Whether another alarm can suppress one of this code. */
export const canBeSuppressed = (code: string): boolean => CAUSES_OF.has(code);
