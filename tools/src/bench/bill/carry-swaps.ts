import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { assert } from '@corridor/protocols/assert';
import { bayIdOf } from '@corridor/protocols/ids';
import type { NetworkFile, StationDefinition } from '@corridor/protocols/network-file';
import { ScriptedGateway, type SwapScript } from '@corridor/testkit/scripted-gateway';
import { connectNats } from '@corridor/twin/nats/connection';

/** What the process is told: swaps begin at times fixed beforehand, spread over the stations. */
export interface CarryTask {
  swaps: number;
  perS: number;
}

/** What it answers when the platform has committed everything it sent. */
export interface Carried {
  started: number;
  refused: Record<string, number>;
}

const [natsUrl = '', networkFile = '', credsFile = ''] = process.argv.slice(2);
const file = JSON.parse(readFileSync(networkFile, 'utf8')) as NetworkFile;
const credentials = JSON.parse(readFileSync(credsFile, 'utf8')) as Record<string, { creds: string; inboxPrefix: string }>;

const SOC_PERCENT = { returned: 25, charged: 95 };
const SOH_PERCENT = 95;

/** A station with its gateway; it remembers what stands where, and has one swap at a time. */
class Stand {
  readonly #station: StationDefinition;
  readonly #gateway: ScriptedGateway;
  /** Pack by slot, from slot 1; null: empty. */
  readonly #rack: (string | null)[];
  #requestId = -1;
  #transactions = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(station: StationDefinition, gateway: ScriptedGateway) {
    this.#station = station;
    this.#gateway = gateway;
    const packs = new Map(file.packs.map(({ id, initial }) => [initial.id, id]));
    this.#rack = Array.from({ length: station.slots }, (_, index) => packs.get(`${station.id}-${index + 1}`) ?? null);
  }

  /** All packs charged, so that each may be given away. */
  async open(): Promise<void> {
    for (const [index, packId] of this.#rack.entries()) if (packId !== null) this.#charge(index + 1, packId);
    await this.#gateway.settled();
  }

  /** @returns the pack that the truck left with, or why it was refused */
  async swap(truck: SwapScript['truck'], packId: string, idToken: SwapScript['idToken']): Promise<{ packId: string } | { reason: string }> {
    const turn = this.#last;
    const done = Promise.withResolvers<void>();
    this.#last = done.promise;
    await turn;
    try {
      return await this.#carry(truck, packId, idToken);
    } finally {
      done.resolve();
    }
  }

  async #carry(
    truck: SwapScript['truck'],
    packId: string,
    idToken: SwapScript['idToken'],
  ): Promise<{ packId: string } | { reason: string }> {
    const emptyIndex = this.#rack.indexOf(null);
    assert(emptyIndex >= 0, `no empty slot at ${this.#station.id}`);
    this.#requestId += 2;
    const script: SwapScript = {
      requestId: this.#requestId,
      bayId: bayIdOf(this.#station.id, 1),
      truck,
      idToken,
      returned: { evseId: emptyIndex + 1, serialNumber: packId, soC: SOC_PERCENT.returned, soH: SOH_PERCENT },
      issued: () => ({ soC: SOC_PERCENT.charged, soH: SOH_PERCENT }),
      // What came before is committed when a step ends, as it is at a real station: a swap takes minutes.
      pace: () => this.#gateway.settled(),
    };
    const outcome = await this.#gateway.swap(script);
    await this.#gateway.settled();
    if (!outcome.started) return { reason: outcome.reasonCode };
    this.#rack[this.#rack.indexOf(outcome.issuePackId)] = null;
    this.#rack[emptyIndex] = packId;
    this.#charge(emptyIndex + 1, packId);
    return { packId: outcome.issuePackId };
  }

  #charge(evseId: number, packId: string): void {
    this.#transactions += 1;
    const charge = { transactionId: `tx-${this.#transactions}`, evseId, packId, pvRegisterWh: 0, sohPercent: SOH_PERCENT };
    this.#gateway.event('charge', 'started', { ...charge, gridRegisterWh: 0, socPercent: SOC_PERCENT.returned, reason: null });
    const full = { gridRegisterWh: 240_000, socPercent: SOC_PERCENT.charged, reason: 'MAX_SOC' };
    this.#gateway.event('charge', 'ended', { ...charge, ...full });
  }
}

async function openStands(): Promise<Stand[]> {
  return Promise.all(
    file.stations.map(async (station) => {
      const own = credentials[station.id];
      assert(own !== undefined, `no credentials for ${station.id}`);
      const nc = await connectNats({ url: natsUrl, creds: own.creds, name: station.id, inboxPrefix: own.inboxPrefix });
      const gateway = new ScriptedGateway({ stationId: station.id });
      await gateway.boot(nc);
      const stand = new Stand(station, gateway);
      await stand.open();
      return stand;
    }),
  );
}

const stands = await openStands();
const packOf = new Map(file.packs.filter(({ initial }) => initial.kind === 'TRUCK').map(({ id, initial }) => [initial.id, id]));
const tokenOf = new Map(file.drivers.flatMap(({ truckIds, idToken }) => truckIds.map((id) => [id, idToken] as const)));
/** Trucks come round again and again, each to the next station. */
let turn = 0;

async function carry({ swaps, perS }: CarryTask): Promise<Carried> {
  const carried: Carried = { started: 0, refused: {} };
  const beginMs = performance.now();
  const running: Promise<void>[] = [];
  for (let index = 0; index < swaps; index += 1) {
    const waitMs = beginMs + (index / perS) * 1_000 - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    const truck = file.trucks[turn % file.trucks.length];
    const stand = stands[turn % stands.length];
    turn += 1;
    assert(truck !== undefined && stand !== undefined, 'no truck or no station');
    running.push(carryOne(stand, truck, carried));
  }
  await Promise.all(running);
  return carried;
}

async function carryOne(stand: Stand, truck: NetworkFile['trucks'][number], carried: Carried): Promise<void> {
  const packId = packOf.get(truck.id);
  const idToken = tokenOf.get(truck.id);
  assert(packId !== undefined && idToken !== undefined, `${truck.id} has no pack or no driver`);
  const outcome = await stand.swap(truck, packId, idToken);
  if ('reason' in outcome) carried.refused[outcome.reason] = (carried.refused[outcome.reason] ?? 0) + 1;
  else {
    carried.started += 1;
    packOf.set(truck.id, outcome.packId);
  }
}

process.on('message', (task: CarryTask) => {
  carry(task).then(
    (carried) => process.send?.(carried),
    (cause: unknown) => {
      process.stderr.write(`carry-swaps: ${cause instanceof Error ? cause.stack : String(cause)}\n`);
      process.exit(1);
    },
  );
});
process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
process.send?.({ ready: true });
