import type { NetworkFile } from '@corridor/protocols/network-file';
import type { ScriptedGateway, SwapOutcome } from './scripted-gateway.ts';

interface Pack {
  id: string;
  socPercent: number;
  sohPercent: number;
}

/** A swap as the station's own log has it. */
export interface LoggedSwap {
  readonly stationId: string;
  readonly requestId: number;
  readonly outcome: SwapOutcome;
}

const CHARGED_PERCENT = 95;
const ARRIVING_PERCENT = 24;
const CHARGE_WH = 130_000;

/** Rack and trucks behind a scripted gateway: swaps one truck after the other, and charges what it takes in. */
export class ScriptedStation {
  readonly stationId: string;
  readonly log: LoggedSwap[] = [];
  readonly #gateway: ScriptedGateway;
  readonly #network: NetworkFile;
  readonly #rack = new Map<number, Pack | null>();
  readonly #onTruck: Map<string, Pack>;
  readonly #pace: () => Promise<void>;
  #requestId = -1;
  #transaction = 0;

  /** @param onTruck packs on trucks, shared by the stations of one test */
  constructor(options: { gateway: ScriptedGateway; network: NetworkFile; onTruck: Map<string, Pack>; pace?: () => Promise<void> }) {
    this.#gateway = options.gateway;
    this.stationId = options.gateway.stationId;
    this.#network = options.network;
    this.#onTruck = options.onTruck;
    this.#pace = options.pace ?? (async () => {});
    const station = this.#network.stations.find(({ id }) => id === this.stationId);
    for (let evseId = 1; evseId <= (station?.slots ?? 0); evseId += 1) {
      const definition = this.#network.packs.find(({ initial }) => initial.kind === 'SLOT' && initial.id === `${this.stationId}-${evseId}`);
      this.#rack.set(evseId, definition ? packOf(definition) : null);
    }
  }

  static packsOnTrucks(network: NetworkFile): Map<string, Pack> {
    return new Map(
      network.packs.filter(({ initial }) => initial.kind === 'TRUCK').map((definition) => [definition.initial.id, packOf(definition)]),
    );
  }

  /** One truck comes, is swapped, and leaves. */
  async serve(truckId: string): Promise<void> {
    const truck = this.#network.trucks.find(({ id }) => id === truckId);
    const driver = this.#network.drivers.find(({ truckIds }) => truckIds.includes(truckId));
    const returned = this.#onTruck.get(truckId);
    const empty = [...this.#rack].find(([, pack]) => pack === null)?.[0];
    if (!truck || !driver || !returned || empty === undefined) throw new Error(`${truckId} cannot be swapped at ${this.stationId}`);
    this.#chargeOne();
    returned.socPercent = ARRIVING_PERCENT;
    this.#requestId += 2;
    const requestId = this.#requestId;
    const outcome = await this.#gateway.swap({
      requestId,
      bayId: `${this.stationId}-B1`,
      truck: { id: truck.id, plate: truck.plate, rfid: truck.rfid, vin: truck.vin },
      idToken: driver.idToken,
      returned: { evseId: empty, serialNumber: returned.id, soC: returned.socPercent, soH: returned.sohPercent },
      pace: this.#pace,
      issued: (packId) => {
        const pack = [...this.#rack.values()].find((one) => one?.id === packId);
        return { soC: pack?.socPercent ?? CHARGED_PERCENT, soH: pack?.sohPercent ?? 90 };
      },
    });
    this.log.push({ stationId: this.stationId, requestId, outcome });
    if (!outcome.started) return;
    const [from, issued] = [...this.#rack].find(([, pack]) => pack?.id === outcome.issuePackId) ?? [];
    if (from === undefined || !issued) throw new Error(`${outcome.issuePackId} is not in the rack of ${this.stationId}`);
    this.#rack.set(from, null);
    this.#rack.set(empty, returned);
    this.#onTruck.set(truckId, issued);
  }

  /** Charges the fullest pack that may not be given away yet. */
  #chargeOne(): void {
    const waiting = [...this.#rack].filter(([, pack]) => pack !== null && pack.socPercent < CHARGED_PERCENT);
    const [evseId, pack] = waiting.toSorted(([, one], [, other]) => (other?.socPercent ?? 0) - (one?.socPercent ?? 0))[0] ?? [];
    if (evseId === undefined || !pack) return;
    this.#transaction += 1;
    const transaction = {
      transactionId: `tx-${this.stationId}-${this.#transaction}`,
      evseId,
      packId: pack.id,
      pvRegisterWh: 0,
      sohPercent: pack.sohPercent,
      reason: null,
    };
    this.#gateway.event('charge', 'started', { ...transaction, gridRegisterWh: 0, socPercent: pack.socPercent });
    pack.socPercent = CHARGED_PERCENT;
    this.#gateway.event('charge', 'ended', { ...transaction, gridRegisterWh: CHARGE_WH, socPercent: CHARGED_PERCENT, reason: 'MAX_SOC' });
  }

  /** Where each pack of the rack is, by slot. */
  places(): Map<string, string> {
    return new Map([...this.#rack].flatMap(([evseId, pack]) => (pack ? [[pack.id, `${this.stationId}-${evseId}`] as const] : [])));
  }
}

const packOf = ({ id, initialSocPercent, initialSohPercent }: NetworkFile['packs'][number]): Pack => ({
  id,
  socPercent: initialSocPercent,
  sohPercent: initialSohPercent,
});
