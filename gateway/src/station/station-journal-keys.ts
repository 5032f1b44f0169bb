/** Keys of the journal's state table. */
export const stateKey = {
  swap: (bayId: string) => `swap:${bayId}`,
  preauthorisation: (requestId: number) => `preauth:${requestId}`,
  slotBlock: (evseId: number) => `block:${evseId}`,
  slotAside: (evseId: number) => `aside:${evseId}`,
  fault: (faultId: string) => `fault:${faultId}`,
  charge: (evseId: number) => `charge:${evseId}`,
  chargeCap: (evseId: number) => `cap:${evseId}`,
  offlineCredit: (truckId: string) => `credit:${truckId}`,
  config: 'config',
} as const;

export const statePrefix = {
  preauthorisation: 'preauth:',
  slotBlock: 'block:',
  slotAside: 'aside:',
  fault: 'fault:',
  charge: 'charge:',
  chargeCap: 'cap:',
} as const;
