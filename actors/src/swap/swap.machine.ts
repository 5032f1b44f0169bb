import { SWAP_STEPS, type SwapEventName, type SwapState } from '@corridor/protocols/swap-step';
import { assign, emit, setup } from 'xstate';
import type { EventOf } from '../network/actor-event.ts';
import type { Emitted } from '../network/effect.ts';
import { emptySurroundings } from '../network/empty-surroundings.ts';
import { many } from '../network/outgoing.ts';
import type { Surroundings } from '../network/reference.ts';
import {
  advances,
  askToAbort,
  end,
  ends,
  follow,
  isLost,
  noted,
  outcomeOnceLeft,
  SILENT_MS,
  type SwapContext,
  type SwapEventOf,
  swapChanged,
  truckLeft,
  unknownPack,
} from './swap.rules.ts';
import type { SwapInput } from './swap-input.ts';

/** The state while the step after this one is under way. */
const STATE_AFTER = {
  arrived: 'IDENTIFYING',
  identified: 'AUTHORIZING',
  authorized: 'POSITIONING',
  positioned: 'SECURING',
  made_safe: 'UNLOCKING',
  unlocked: 'LIFTING',
  lifted: 'TRANSFER_IN',
  moved_in: 'BATTERY_IN',
  battery_in: 'PICKING',
  picked: 'TRANSFER_OUT',
  moved_out: 'SEATING',
  seated: 'LOCKING',
  locked: 'SELF_CHECK',
  battery_out: 'RELEASING',
  released: 'RELEASING',
} as const satisfies Record<(typeof SWAP_STEPS)[number]['event'], SwapState>;

/** How a swap ended, beside the names that the gateway has for it. */
const STATE_AT_END = {
  completed: 'COMPLETED',
  rejected: 'REJECTED',
  aborted_safe: 'ABORTED_SAFE',
  aborted_no_pack: 'ABORTED_NO_PACK',
  battery_out_timeout: 'ABORTED_NO_PACK',
  failed: 'FAILED',
} as const;

/** An ended swap is kept for this long, so that what still comes for it is not taken for another swap. */
const KEPT_MS = 3_600_000;

/** Of the report that a guard looks at: without params of its own, since each report is asked about up to twenty times. */
interface ReportedAs {
  is: SwapEventName;
}

/** The procedure as the twin follows it: facts of the gateway, never commands of ours (swap.spec.md). */
export const swapMachineOf = (surroundings: Surroundings) => {
  const { nowMs } = surroundings;
  const machine = setup({
    types: {
      input: {} as SwapInput,
      context: {} as SwapContext,
      events: {} as EventOf['swap'],
      emitted: {} as Emitted,
    },
    delays: { silence: SILENT_MS, kept: KEPT_MS },
    guards: {
      isOpen: ({ context }) => context.endedAtMs === null,
      advances: ({ context, event }, { is }: ReportedAs) => event.type === 'swap.reported' && advances(context, event, is),
      ends: ({ context, event }, { is }: ReportedAs) => event.type === 'swap.reported' && ends(context, event, is),
      isSuspension: ({ context }, { event }: SwapEventOf<'swap.reported'>) => context.endedAtMs === null && event === 'suspended',
      isResumption: (_, { event }: SwapEventOf<'swap.reported'>) => event === 'resumed',
      stoodAt: ({ context }, { step }: { step: number }) => context.step === step,
      isGivenUp: ({ context }, { orderId }: { orderId: string }) =>
        context.step < 0 && context.endedAtMs === null && context.orderId === orderId,
      isUnknownPack: (_, { to }: SwapEventOf<'delivery.bounced'>) => to.startsWith('pack:'),
      isOurOrder: ({ context }, { to }: SwapEventOf<'delivery.bounced'>) => to === `order:${context.orderId}`,
      isLost: ({ context }) => isLost(context, surroundings),
      leftAs: ({ context }, { outcome }: { outcome: string }) => context.endedAtMs === null && outcomeOnceLeft(context) === outcome,
    },
    actions: {
      say: emit((_, { emitted }: { emitted: readonly Emitted[] }) => many(emitted)),
      retire: emit({ type: 'retire' }),
      row: emit(({ context }, { state }: { state: string }) => swapChanged(context, state, nowMs())),
      note: assign(({ context }, report: SwapEventOf<'swap.reported'>) => noted(context, report, nowMs())),
      noteAuthorised: assign({
        orderKnows: 'AUTHORISED',
        orderId: (_, { orderId }: SwapEventOf<'swap.authorised'>) => orderId,
        issuePackId: (_, { issuePackId }: SwapEventOf<'swap.authorised'>) => issuePackId,
        returnPackId: ({ context }, { returnPackId }: SwapEventOf<'swap.authorised'>) => returnPackId ?? context.returnPackId,
        refused: false,
      }),
      noteRefused: assign({
        refused: ({ context }, { orderId }: { orderId: string; reason: string }) => context.refused || context.orderId === orderId,
        reason: (_, { reason }: { orderId: string; reason: string }) => reason,
      }),
      noteEnded: assign({ endedAtMs: nowMs }),
      noteOrderGone: assign({ refused: true }),
      /** Packs that it moves later all the same were not asked for. */
      noteLeft: assign({ endedAtMs: nowMs, reason: 'TRUCK_LEFT', refused: true }),
      noteLost: assign({ endedAtMs: nowMs, reason: 'SWAP_LOST' }),
    },
  });

  const reported = {
    say: {
      type: 'say',
      params: ({ context, event }: { context: SwapContext; event: SwapEventOf<'swap.reported'> }) => ({ emitted: follow(context, event) }),
    },
    note: { type: 'note', params: ({ event }: { event: SwapEventOf<'swap.reported'> }) => event },
  } as const;
  const actions = [reported.say, reported.note] as const;
  const steps = SWAP_STEPS.map(({ event: is }) => ({
    guard: { type: 'advances' as const, params: { is } },
    target: `.${STATE_AFTER[is]}` as const,
    actions,
  }));
  const endings = (['completed', 'rejected', 'aborted_safe', 'aborted_no_pack', 'battery_out_timeout', 'failed'] as const).map((is) => ({
    guard: { type: 'ends' as const, params: { is } },
    target: `.${STATE_AT_END[is]}` as const,
    actions,
  }));
  const left = [
    {
      type: 'say' as const,
      params: ({ context, event }: { context: SwapContext; event: SwapEventOf<'swap.bayTaken'> }) => ({
        emitted: truckLeft(context, event),
      }),
    },
    'noteLeft' as const,
  ];
  const resumptions = SWAP_STEPS.map(({ event, step }) => ({
    guard: { type: 'stoodAt' as const, params: { step } },
    target: STATE_AFTER[event],
  }));
  const row = (state: string) => (surroundings.omitsRows === true ? [] : [{ type: 'row' as const, params: { state } }]);
  /** While a step is under way: its row, and the watch for a gateway that says nothing more. */
  const underWay = (state: SwapState) => ({
    entry: row(state),
    after: {
      silence: [
        {
          guard: 'isLost' as const,
          target: 'LOST' as const,
          actions: [
            {
              type: 'say' as const,
              params: ({ context }: { context: SwapContext }) => ({
                emitted: end(context, { outcome: 'LOST', reason: 'SWAP_LOST', atMs: nowMs() }),
              }),
            },
            'noteLost' as const,
          ],
        },
        { target: state, reenter: true },
      ],
    },
  });
  const ended = (state: string) => ({
    entry: row(state),
    after: { kept: { actions: 'retire' as const } },
  });

  return machine.createMachine({
    id: 'swap',
    context: ({ input }) => ({
      stationId: input.stationId,
      requestId: input.requestId,
      bayId: input.bayId,
      truckId: input.truckId,
      orderId: input.orderId,
      initiation: input.initiation,
      step: -1,
      refused: false,
      orderKnows: null,
      issuePackId: null,
      returnPackId: null,
      packsIn: [],
      packsOut: [],
      reason: null,
      beganAtMs: input.atMs,
      heardAtMs: input.atMs,
      endedAtMs: null,
    }),
    initial: 'QUEUED',
    on: {
      'swap.reported': [
        ...steps,
        ...endings,
        { guard: { type: 'isSuspension', params: ({ event }) => event }, target: '.SUSPENDED', actions },
        // Late, repeated, or after the end: no step back, but packs that moved are still told, each once.
        { actions },
      ],
      'swap.authorised': { actions: { type: 'noteAuthorised', params: ({ event }) => event } },
      'swap.refused': [
        // A reservation that was given up before its truck came.
        {
          guard: { type: 'isGivenUp', params: ({ event }) => ({ orderId: event.orderId }) },
          target: '.REJECTED',
          actions: [{ type: 'noteRefused', params: ({ event }) => ({ orderId: event.orderId, reason: event.reason }) }, 'noteEnded'],
        },
        { actions: { type: 'noteRefused', params: ({ event }) => ({ orderId: event.orderId, reason: event.reason }) } },
      ],
      // Another truck stands where this one stood: what was to end this swap did not reach us.
      'swap.bayTaken': [
        { guard: { type: 'leftAs', params: { outcome: 'ABORTED_SAFE' } }, target: '.ABORTED_SAFE', actions: left },
        { guard: { type: 'leftAs', params: { outcome: 'COMPLETED' } }, target: '.COMPLETED', actions: left },
        { guard: 'isOpen', target: '.LOST', actions: left },
      ],
      'swap.abortAsked': {
        guard: 'isOpen',
        actions: { type: 'say', params: ({ context, event }) => ({ emitted: askToAbort(context, event) }) },
      },
      'delivery.bounced': [
        {
          guard: { type: 'isUnknownPack', params: ({ event }) => event },
          actions: { type: 'say', params: ({ context, event }) => ({ emitted: unknownPack(context, event) }) },
        },
        { guard: { type: 'isOurOrder', params: ({ event }) => event }, actions: 'noteOrderGone' },
      ],
    },
    states: {
      QUEUED: underWay('QUEUED'),
      IDENTIFYING: underWay('IDENTIFYING'),
      AUTHORIZING: underWay('AUTHORIZING'),
      POSITIONING: underWay('POSITIONING'),
      SECURING: underWay('SECURING'),
      UNLOCKING: underWay('UNLOCKING'),
      LIFTING: underWay('LIFTING'),
      TRANSFER_IN: underWay('TRANSFER_IN'),
      BATTERY_IN: underWay('BATTERY_IN'),
      PICKING: underWay('PICKING'),
      TRANSFER_OUT: underWay('TRANSFER_OUT'),
      SEATING: underWay('SEATING'),
      LOCKING: underWay('LOCKING'),
      SELF_CHECK: underWay('SELF_CHECK'),
      RELEASING: underWay('RELEASING'),
      // Restarted only by a person at the station.
      SUSPENDED: {
        ...underWay('SUSPENDED'),
        on: {
          'swap.reported': [
            {
              guard: { type: 'isResumption', params: ({ event }) => event },
              target: 'resuming',
              actions,
            },
          ],
        },
      },
      resuming: { always: [...resumptions, { target: 'QUEUED' }] },
      COMPLETED: ended('COMPLETED'),
      REJECTED: ended('REJECTED'),
      ABORTED_SAFE: ended('ABORTED_SAFE'),
      ABORTED_NO_PACK: ended('ABORTED_NO_PACK'),
      FAILED: ended('FAILED'),
      LOST: ended('LOST'),
    },
  });
};

/** For charts: no assets around it. @public */
export const swapMachine = swapMachineOf(emptySurroundings);
