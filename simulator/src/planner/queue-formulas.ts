/** Closed forms of queues, for scenarios that pose them. Times in any one unit. */

/** Share of those who find all servers taken and go away. @param load arrivals during one service, on average */
export function erlangB(servers: number, load: number): number {
  let blocked = 1;
  for (let count = 1; count <= servers; count += 1) blocked = (load * blocked) / (count + load * blocked);
  return blocked;
}

/** Share of those who wait, M/M/c. */
export function erlangC(servers: number, load: number): number {
  const blocked = erlangB(servers, load);
  return blocked / (1 - (load / servers) * (1 - blocked));
}

/** Mean wait, M/M/c; c = 1 is M/M/1. */
export function meanWaitMmc({ servers, rate, service }: { servers: number; rate: number; service: number }): number {
  const load = rate * service;
  return (erlangC(servers, load) * service) / (servers - load);
}

/** Mean wait, M/D/1: half of M/M/1 (Pollaczek and Khinchin). */
export const meanWaitMd1 = ({ rate, service }: { rate: number; service: number }): number =>
  (rate * service * service) / (2 * (1 - rate * service));

/** One server, so many customers that are away for an exponential time: its utilisation and their mean wait. */
export function machineRepairman({ customers, away, service }: { customers: number; away: number; service: number }): {
  busyRatio: number;
  wait: number;
} {
  let weight = 1;
  let sum = 1;
  for (let present = 1; present <= customers; present += 1) {
    weight *= ((customers - present + 1) * service) / away;
    sum += weight;
  }
  const busyRatio = 1 - 1 / sum;
  const response = (customers * service) / busyRatio - away;
  return { busyRatio, wait: response - service };
}
