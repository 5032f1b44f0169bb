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

/**
 * Several servers with a constant service time. What is there one service later is what was there less what was in service, and what came
 * in between (Crommelin 1932): the distribution that this leaves as it is, found by repeating it.
 */
export function constantServiceQueue({ servers, rate, service }: { servers: number; rate: number; service: number }): {
  waitedRatio: number;
  wait: number;
} {
  const load = rate * service;
  const states = statesOf(servers, load);
  const arriving = poisson(load, states);
  let present = new Float64Array(states).fill(1 / states);
  for (let change = 1; change > 1e-14; ) {
    const later = oneServiceLater(present, arriving, servers);
    change = later.reduce((most, share, count) => Math.max(most, Math.abs(share - (present[count] ?? 0))), 0);
    present = later;
  }
  let waitedRatio = 0;
  let waiting = 0;
  for (const [count, share] of present.entries()) {
    if (count >= servers) waitedRatio += share;
    waiting += Math.max(0, count - servers) * share;
  }
  return { waitedRatio, wait: waiting / rate };
}

/** So many that more are never there: the tail falls faster than with exponential service, by the load of a server each. */
const statesOf = (servers: number, load: number): number => servers + Math.ceil(Math.log(1e-16) / Math.log(load / servers));

function poisson(mean: number, states: number): Float64Array {
  const shares = new Float64Array(states);
  shares[0] = Math.exp(-mean);
  for (let count = 1; count < states; count += 1) shares[count] = ((shares[count - 1] ?? 0) * mean) / count;
  return shares;
}

function oneServiceLater(present: Float64Array, arriving: Float64Array, servers: number): Float64Array<ArrayBuffer> {
  const later = new Float64Array(present.length);
  for (const [count, share] of present.entries()) {
    const left = Math.max(0, count - servers);
    for (let total = left; total < later.length; total += 1) later[total] = (later[total] ?? 0) + share * (arriving[total - left] ?? 0);
  }
  const sum = later.reduce((total, share) => total + share, 0);
  return later.map((share) => share / sum);
}

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
