import type { NetworkFile } from '@corridor/protocols/network-file';
import type { Registered } from '../writer/writer-batch.ts';

/** Every asset of a network file with its definition. */
export const registeredOf = (file: NetworkFile): Registered[] => [
  ...file.stations.map((definition): Registered => ({ asset: 'station', definition })),
  ...file.trucks.map((definition): Registered => ({ asset: 'truck', definition })),
  ...file.packs.map((definition): Registered => ({ asset: 'pack', definition })),
];
