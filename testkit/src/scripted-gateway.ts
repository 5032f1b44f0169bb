import { ROOT } from '@corridor/protocols/subject';
import { jetstream } from '@nats-io/jetstream';
import type { Msg, NatsConnection } from '@nats-io/transport-node';

/** A command as it came over the wire. */
export interface WireCommand {
  readonly verb: string;
  readonly commandId: string;
  readonly args: Record<string, unknown>;
}
interface Journalled {
  readonly bootId: number;
  readonly seq: number;
  readonly subject: string;
  readonly body: string;
}

export interface Battery {
  readonly evseId: number;
  readonly serialNumber: string;
  readonly soC: number;
  readonly soH: number;
}

export interface SwapScript {
  readonly requestId: number;
  readonly bayId: string;
  readonly truck: { id: string; plate: string; rfid: string; vin: string };
  readonly idToken: { idToken: string; type: string };
  readonly returned: Battery;
  /** What the BMS of the pack says that is given. */
  readonly issued: (packId: string) => { soC: number; soH: number };
  /** What the robot needs for a step; default: nothing. */
  readonly pace?: () => Promise<void>;
}

export type SwapOutcome = { started: true; orderId: string; issuePackId: string } | { started: false; reasonCode: string };

const RESEND_MS = 500;
const HELLO = { firmware: 'scripted/1', protocol: 'evs.v1', journalledEvents: 0 };
const STEPS_TO_HANDOVER = ['authorized', 'positioned', 'made_safe', 'unlocked', 'lifted', 'moved_in'];
const STEP_NO = [
  'arrived',
  'identified',
  ...STEPS_TO_HANDOVER,
  'battery_in',
  'picked',
  'moved_out',
  'seated',
  'locked',
  'battery_out',
  'released',
];

/**
 * A gateway written from the published documents alone: it knows subjects and JSON, and nothing of our modules. Its journal
 * is in memory, so it survives whatever happens to the servers, as a real one's does.
 */
export class ScriptedGateway {
  readonly stationId: string;
  readonly #scope: string;
  readonly #nowMs: () => number;
  #nc: NatsConnection | null = null;
  #bootId = 0;
  #seq = 0;
  #previous: { bootId: number; evtSeq: number } | null = null;
  #journal: Journalled[] = [];
  #sent: Journalled[] = [];
  #pass = 0;
  #sending: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #waiting: { isDone: () => boolean; resolve: () => void }[] = [];
  readonly commands: WireCommand[] = [];
  #stepSeq = 0;

  constructor(options: { stationId: string; scope?: string; nowMs?: () => number }) {
    this.stationId = options.stationId;
    this.#scope = options.scope ?? 'live';
    this.#nowMs = options.nowMs ?? Date.now;
  }

  get unacknowledged(): number {
    return this.#journal.length;
  }

  /** Connects and begins a new boot; what an earlier one left unacknowledged is sent again. */
  async boot(nc: NatsConnection): Promise<void> {
    this.#nc = nc;
    if (this.#bootId > 0) this.#previous = { bootId: this.#bootId, evtSeq: this.#seq };
    this.#bootId += 1;
    this.#seq = 0;
    this.#sent = [];
    const own = `${ROOT}.${this.#scope}.station.${this.stationId}`;
    nc.subscribe(`${own}.ack`, { callback: (error, message) => (error ? undefined : this.#acked(message)) });
    nc.subscribe(`${own}.cmd.>`, { callback: (error, message) => (error ? undefined : this.#commanded(message)) });
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#resend(), RESEND_MS);
    this.#resend();
    // Before anything else of this boot can be journalled.
    this.event('gateway', 'online', { ...HELLO, previous: this.#previous });
    await nc.flush();
  }

  /** Ends it: connection and queue are gone, the journal stays. */
  stop(): void {
    this.#nc = null;
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Journals an event and sends it. */
  event(topic: string, event: string, data: object, more: object = {}): void {
    this.#journalAndSend(`evt.${topic}.${event}`, `evt.${topic}.${event}/1`, data, more);
  }

  /** Stage 2 of a command. */
  result(commandId: string, result: string): void {
    this.#journalAndSend(`res.${commandId}`, 'res/1', { commandId, result }, {});
  }

  /** Publishes bytes as they are, outside of the journal: what no gateway should send. */
  async raw(subjectTail: string, bytes: string | Uint8Array): Promise<void> {
    if (!this.#nc) throw new Error('not connected');
    await jetstream(this.#nc).publish(`${ROOT}.${this.#scope}.station.${this.stationId}.${subjectTail}`, bytes);
  }

  /** Next number that an event would get: to build messages by hand. */
  takeNumber(): { bootId: number; seq: number } {
    this.#seq += 1;
    return { bootId: this.#bootId, seq: this.#seq };
  }

  /** Sends everything of this boot once more, under other message ids, so that the stream takes it again. */
  async repeatAll(): Promise<void> {
    for (const entry of this.#sent) this.#send(entry, ':again');
    await this.#sending;
  }

  /** Resolves when the platform has committed everything that was sent. */
  async settled(): Promise<void> {
    await this.#until(() => this.#journal.length === 0);
  }

  async command(isIt: (command: WireCommand) => boolean): Promise<WireCommand> {
    await this.#until(() => this.commands.some(isIt));
    const found = this.commands.find(isIt);
    if (!found) throw new Error('the command is gone');
    return found;
  }

  /** A truck arrives, and is swapped if the platform says so. */
  async swap(script: SwapScript): Promise<SwapOutcome> {
    const { requestId } = script;
    this.swapEvent(script, 'arrived');
    this.swapEvent(script, 'identified', {
      rfid: script.truck.rfid,
      vin: script.truck.vin,
      initiation: requestId % 2 === 1 ? 'LOCAL' : 'REMOTE',
      packSerialNumber: script.returned.serialNumber,
      packSocPercent: script.returned.soC,
      odometerM: null,
    });
    const answer = await this.command(
      ({ verb, args }) => (verb === 'swap.start' || verb === 'swap.reject') && args['requestId'] === requestId,
    );
    if (answer.verb === 'swap.reject') {
      const reasonCode = String(answer.args['reasonCode']);
      this.swapEvent(script, 'rejected', { reasonCode, interlock: null, recoverable: false, detail: null });
      return { started: false, reasonCode };
    }
    const issued: Battery = {
      evseId: Number(answer.args['issueEvseId']),
      serialNumber: String(answer.args['issuePackId']),
      ...script.issued(String(answer.args['issuePackId'])),
    };
    for (const step of STEPS_TO_HANDOVER) {
      await script.pace?.();
      this.swapEvent(script, step);
    }
    this.swapEvent(script, 'battery_in', { batteryData: [script.returned] });
    for (const step of ['picked', 'moved_out', 'seated', 'locked']) {
      await script.pace?.();
      this.swapEvent(script, step);
    }
    this.swapEvent(script, 'battery_out', { batteryData: [issued] });
    this.swapEvent(script, 'released');
    this.swapEvent(script, 'completed');
    this.result(answer.commandId, 'ACCEPTED');
    return { started: true, orderId: String(answer.args['orderId']), issuePackId: issued.serialNumber };
  }

  swapEvent(
    script: Pick<SwapScript, 'requestId' | 'bayId' | 'truck' | 'idToken'>,
    event: string,
    data: object = {},
    more: object = {},
  ): void {
    this.#stepSeq += 1;
    this.event(
      'swap',
      event,
      {
        requestId: script.requestId,
        orderId: null,
        bayId: script.bayId,
        truckId: script.truck.id,
        plate: script.truck.plate,
        idToken: script.idToken,
        step: Math.max(0, Math.min(14, STEP_NO.indexOf(event))),
        stepSeq: this.#stepSeq,
        durationMs: 1_000,
        ...data,
      },
      more,
    );
  }

  #journalAndSend(tail: string, schema: string, data: object, more: object): void {
    this.#seq += 1;
    const at = new Date(this.#nowMs()).toISOString();
    const envelope = {
      schema,
      src: this.stationId,
      bootId: this.#bootId,
      seq: this.#seq,
      tsEvent: at,
      tsSend: at,
      backfill: false,
      q: [],
      data,
      ...more,
    };
    const entry = {
      bootId: this.#bootId,
      seq: this.#seq,
      subject: `${ROOT}.${this.#scope}.station.${this.stationId}.${tail}`,
      body: JSON.stringify(envelope),
    };
    this.#journal.push(entry);
    this.#sent.push(entry);
    this.#send(entry, '');
  }

  #send({ bootId, seq, subject, body }: Journalled, again: string): void {
    const nc = this.#nc;
    if (!nc) return;
    const msgID = `${this.stationId}:${bootId}:evt:${seq}${again}`;
    // One after the other: a stream keeps the order in which it is asked to store.
    this.#sending = publishAfter(this.#sending, async () => jetstream(nc).publish(subject, body, { msgID, timeout: 2_000 }));
  }

  #resend(): void {
    if (this.#journal.length === 0) return;
    this.#pass += 1;
    // A stream that lost a message may still know its id: under another one it takes it again.
    for (const entry of this.#journal.slice(0, 200)) this.#send(entry, this.#pass > 4 ? `:r${this.#pass}` : '');
  }

  #acked(message: Msg): void {
    const { bootId, evtSeq } = message.json<{ bootId: number; evtSeq: number }>();
    const before = this.#journal.length;
    this.#journal = this.#journal.filter((entry) => entry.bootId > bootId || (entry.bootId === bootId && entry.seq > evtSeq));
    if (this.#journal.length === before) return;
    this.#pass = 0;
    this.#tell();
  }

  #commanded(message: Msg): void {
    const { commandId, args } = message.json<{ commandId: string; args: Record<string, unknown> }>();
    const verb = message.subject.split('.').slice(6).join('.');
    message.respond(JSON.stringify({ commandId, result: 'ACCEPTED', timeoutMs: 600_000 }));
    if (this.commands.some((known) => known.commandId === commandId)) return;
    this.commands.push({ verb, commandId, args });
    this.#tell();
  }

  async #until(isDone: () => boolean): Promise<void> {
    if (isDone()) return;
    await new Promise<void>((resolve) => this.#waiting.push({ isDone, resolve }));
  }

  #tell(): void {
    const done = this.#waiting.filter(({ isDone }) => isDone());
    this.#waiting = this.#waiting.filter((each) => !done.includes(each));
    for (const { resolve } of done) resolve();
  }
}

async function publishAfter(before: Promise<void>, publish: () => Promise<unknown>): Promise<void> {
  await before;
  try {
    await publish();
  } catch {
    // The server is away: it is sent again until the platform acknowledges it.
  }
}
