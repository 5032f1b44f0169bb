import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Gateway } from '../gateway.ts';
import { MOTION_FAILURES, MOTIONS, type Motion, type MotionFailure } from '../ports/robot.ts';
import type { DryRunStation } from './dry-run-station.ts';

export const CONSOLE_HELP = `dock TRUCK [SOC]            a truck of the network file drives in (SOC percent, 25 when left out)
confirm                     somebody at the bay confirms: the cause is gone, go on
identify TRUCK PLATE        somebody at the bay says who this truck is
abort                       somebody at the bay wants the truck freed
give-up [WHY]               the machine cannot finish: people clear the bay
tow                         a tug takes the truck away
estop|fire|blackout on|off  the station's interlocks
person|position on|off      somebody in the zone; the gantry's position sensor
wind M_PER_S                wind at the station
grid WATT                   limit of the connection
fail MOTION REASON [TIMES]  the next motions of this kind fail: ${MOTIONS.join(' ')}
lift EVSE                   somebody puts a quarantined slot back into use
status                      bays, rack, journal
orders                      the station's own order log
help                        this text`;

export type ConsoleContext = {
  plant: DryRunStation;
  gateway: Gateway;
  bayId: string;
  fail: (motion: Motion, reason: MotionFailure, times: number) => void;
  print: (line: string) => void;
};

const isMotion = (text: string): text is Motion => (MOTIONS as readonly string[]).includes(text);
const isFailure = (text: string): text is MotionFailure => (MOTION_FAILURES as readonly string[]).includes(text);

function status({ plant, gateway, print }: ConsoleContext): void {
  const { link, bootId, unackedEvents, bufferedTelemetry, droppedTelemetry, refusedMessages, bays } = gateway.status();
  print(
    `link ${link}, boot ${bootId}, ${unackedEvents} events not acknowledged, ${bufferedTelemetry} telemetry messages buffered, ${droppedTelemetry} dropped, ${refusedMessages} messages refused by the platform`,
  );
  for (const { bayId, record } of bays) {
    const held = record?.held ? `, held: ${record.held.reasonCode}` : '';
    print(`${bayId} ${record ? `swap ${record.requestId} ${record.phase}${held}` : 'free'}`);
  }
  for (const { evseId, pack, chargingState, powerW } of plant.equipment.rack.slots()) {
    const soc = pack?.socPercent == null ? '' : ` ${pack.socPercent.toFixed(1)} %`;
    print(`slot ${evseId} ${pack ? `${pack.packId}${soc} ${chargingState} ${Math.round(powerW / 1000)} kW` : 'empty'}`);
  }
}

/** @returns what is wrong with the words, or null */
type LineHandler = (context: ConsoleContext, words: readonly string[]) => string | null;

/** Something that needs no words and cannot be wrong. */
const plain =
  (act: (context: ConsoleContext) => void): LineHandler =>
  (context) => {
    act(context);
    return null;
  };

const onOff =
  (set: (context: ConsoleContext, on: boolean) => void): LineHandler =>
  (context, [word]) => {
    if (word !== 'on' && word !== 'off') return 'on or off?';
    set(context, word === 'on');
    return null;
  };

const amount =
  (set: (context: ConsoleContext, value: number) => void): LineHandler =>
  (context, [word]) => {
    const value = Number(word);
    if (word === undefined || !Number.isFinite(value) || value < 0) return 'how much?';
    set(context, value);
    return null;
  };

const dock: LineHandler = ({ plant, bayId }, [truckId, soc]) => {
  if (truckId === undefined) return 'dock which truck?';
  if (plant.bay(bayId).truck) return `bay ${bayId} is not free`;
  const socPercent = soc === undefined ? 25 : Number(soc);
  if (!(socPercent >= 0 && socPercent <= 100)) return `"${soc}" is not a state of charge in percent`;
  try {
    plant.dock(bayId, plant.truckOf(truckId, socPercent));
  } catch (cause) {
    if (cause instanceof RangeError) return cause.message;
    throw cause;
  }
  return null;
};

const identify: LineHandler = ({ plant, bayId }, [truckId, plate]) => {
  if (truckId === undefined || plate === undefined) return 'identify TRUCK PLATE';
  plant.act({ kind: 'IDENTITY_CONFIRMED', bayId, truckId, plate });
  return null;
};

const fail: LineHandler = (context, [motion, reason, times]) => {
  if (motion === undefined || !isMotion(motion)) return `fail which motion? ${MOTIONS.join(' ')}`;
  if (reason === undefined || !isFailure(reason)) return `fail with which reason? ${MOTION_FAILURES.join(' ')}`;
  context.fail(motion, reason, times === undefined ? 1 : Number(times));
  return null;
};

const lift: LineHandler = ({ plant }, [evse]) => {
  const evseId = Number(evse);
  if (!plant.state.slots.some((slot) => slot.evseId === evseId)) return 'lift which slot?';
  plant.act({ kind: 'QUARANTINE_LIFTED', evseId });
  return null;
};

const orders: LineHandler = ({ gateway, print }) => {
  for (const { orderNo, requestId, truckId, outcome } of gateway.orders(20))
    print(`${orderNo} swap ${requestId} ${truckId ?? '-'} ${outcome ?? 'open'}`);
  return null;
};

const HANDLERS: Readonly<Record<string, LineHandler>> = {
  dock,
  identify,
  fail,
  lift,
  orders,
  confirm: plain(({ plant, bayId }) => plant.act({ kind: 'RESUME_CONFIRMED', bayId })),
  abort: plain(({ plant, bayId }) => plant.act({ kind: 'ABORT', bayId })),
  tow: plain(({ plant, bayId }) => plant.tow(bayId)),
  'give-up': ({ plant, bayId }, words) => {
    plant.act({ kind: 'GIVEN_UP', bayId, detail: words.join(' ') || 'given up at the bay' });
    return null;
  },
  estop: onOff(({ plant }, on) => plant.set({ emergencyStop: on })),
  fire: onOff(({ plant }, on) => plant.set({ fire: on })),
  blackout: onOff(({ plant }, on) => plant.set({ powerLoss: on })),
  person: onOff(({ plant, bayId }, on) => plant.setBay(bayId, { personDetected: on })),
  position: onOff(({ plant, bayId }, on) => plant.setBay(bayId, { positionSensorOk: on })),
  wind: amount(({ plant }, windMps) => plant.set({ windMps })),
  grid: amount(({ plant }, gridLimitW) => plant.set({ gridLimitW })),
  status: plain(status),
  help: plain(({ print }) => print(CONSOLE_HELP)),
};

/** One line typed at the dry run. @returns what is wrong with it, or null */
export function runConsoleLine(line: string, context: ConsoleContext): string | null {
  const [verb = '', ...words] = line.trim().split(/\s+/);
  if (verb === '') return null;
  const handler = Object.hasOwn(HANDLERS, verb) ? HANDLERS[verb] : undefined;
  return handler ? handler(context, words) : `unknown: ${verb}; "help" lists what there is`;
}

/** Reads lines until the input ends. @returns how to stop */
export function openConsole(input: Readable, context: ConsoleContext): () => void {
  const lines = createInterface({ input });
  lines.on('line', (line) => {
    const problem = runConsoleLine(line, context);
    if (problem !== null) context.print(problem);
  });
  return () => lines.close();
}
