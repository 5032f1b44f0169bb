import type { BatteryData } from '@corridor/protocols/ocpp';
import { SWAP_STEPS, type SwapEventName } from '@corridor/protocols/swap-step';
import { remembered } from '../network/remembered.ts';
import type { SwapContext, SwapEventOf } from './swap.rules.ts';

type Report = SwapEventOf<'swap.reported'>;

/** Outcomes as the order hears them, by the event that ends a swap. */
export const ENDINGS = {
  completed: 'COMPLETED',
  rejected: 'REJECTED',
  aborted_safe: 'ABORTED_SAFE',
  aborted_no_pack: 'ABORTED_NO_PACK',
  battery_out_timeout: 'BATTERY_OUT_TIMEOUT',
  failed: 'FAILED',
} as const satisfies Partial<Record<SwapEventName, string>>;
type Ending = keyof typeof ENDINGS;
const ENDING_EVENTS: ReadonlySet<SwapEventName> = new Set(Object.keys(ENDINGS) as Ending[]);
export const isEnding = (event: SwapEventName): event is Ending => ENDING_EVENTS.has(event);

const STEP_NUMBERS: ReadonlyMap<SwapEventName, number> = new Map(SWAP_STEPS.map(({ event, step }) => [event, step]));
/** Step number of a step event, null for the others. */
export const stepOf = (event: SwapEventName): number | null => STEP_NUMBERS.get(event) ?? null;

export const AUTHORISED_STEP = 2;

/** What a report is about, by what was known before it: asked by all that is told and all that is noted of it. */
export interface Heard {
  /** Step of the procedure that it says has ended; null: none. */
  step: number | null;
  /** It ends the swap. */
  ends: boolean;
  orderId: string | null;
  /** The truck that it is about from this report on. */
  truckId: string | null;
  /** A step of another truck than the order's. */
  isOther: boolean;
  /** Packs of a hand-over that are not told yet: what is told again is no other hand-over. */
  moved: readonly BatteryData[];
}

export const heardOf = remembered((context: SwapContext, report: Report): Heard => {
  const step = stepOf(report.event);
  const isOther = isOtherTruck(context, report, step);
  const moved = packsMoved(context, report, isOther);
  const isFree = context.orderId === null || context.truckId === null || isOther;
  return {
    step,
    ends: endsSwap(report),
    orderId: orderIdFor(context, report, { isOther, moved }),
    truckId: isFree ? (report.truckId ?? context.truckId) : context.truckId,
    isOther,
    moved,
  };
});

/**
 * Order that this report belongs to; a new one where packs move without a valid order. An order is of one truck, one pack in and one
 * out: whatever else moves under its number is another swap, which nobody authorised.
 */
function orderIdFor(context: SwapContext, report: Report, { isOther, moved }: Pick<Heard, 'isOther' | 'moved'>): string | null {
  const { stationId, requestId, orderId, refused, strayOrders = 0 } = context;
  const { event, initiation, atMs } = report;
  const isTaken = refused || isOther || isLegTaken(context, report);
  const needed = needsOrder(context, event, moved);
  if (orderId !== null && !(isTaken && needed)) return orderId;
  const identifies = event === 'identified' && (initiation ?? context.initiation) === 'LOCAL';
  if (!identifies && !(needed && !isHarmless(context, event))) return orderId;
  const stray = strayOrders === 0 ? '-U' : `-U${strayOrders + 1}`;
  return `${stationId}-${requestId}-${atMs.toString(36)}${orderId === null ? '' : stray}`;
}

/** Until the authorisation, a truck may still be taken for another. */
function isOtherTruck({ orderId, truckId }: SwapContext, report: Report, step: number | null): boolean {
  if (orderId === null || truckId === null || report.truckId === null || report.truckId === truckId) return false;
  return step !== null && step >= AUTHORISED_STEP;
}

const NO_PACKS: readonly BatteryData[] = [];

function packsMoved({ packsIn, packsOut }: SwapContext, { event, batteryData }: Report, isOther: boolean): readonly BatteryData[] {
  if (event !== 'battery_in' && event !== 'battery_out') return NO_PACKS;
  if (isOther) return newBatteries([], batteryData);
  return newBatteries(event === 'battery_in' ? packsIn : packsOut, batteryData);
}

export const isLegTaken = ({ packsIn, packsOut }: SwapContext, { event }: Report) =>
  (event === 'battery_in' && packsIn.length > 0) || (event === 'battery_out' && packsOut.length > 0);

/** Evidence that packs moved, or that a swap that nobody authorised came to its end. */
const needsOrder = ({ endedAtMs }: SwapContext, event: SwapEventName, moved: readonly BatteryData[]): boolean =>
  moved.length > 0 || (endedAtMs === null && (event === 'battery_out_timeout' || event === 'aborted_no_pack' || event === 'completed'));

const newBatteries = (known: readonly string[], batteries: readonly BatteryData[]) =>
  batteries.filter(({ serialNumber }, index) => {
    for (let before = 0; before < index; before += 1) if (batteries[before]?.serialNumber === serialNumber) return false;
    return !known.includes(serialNumber);
  });

/** A swap that ended before it began needs no order. */
const isHarmless = ({ step, packsIn, packsOut, refused }: SwapContext, event: SwapEventName) =>
  event === 'completed' && packsIn.length + packsOut.length === 0 && (refused || step < AUTHORISED_STEP);

/** A failure that the station recovers from is no end. */
export const endsSwap = ({ event, recoverable }: Report) => isEnding(event) && !(event === 'failed' && recoverable);
