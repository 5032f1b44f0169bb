import type { SwapState } from '@corridor/protocols/swap-step';
import type { VNode } from 'preact';

/** Where the crane is (0 over the truck, 1 over the rack), how far its hook is down, and what hangs on it; what the truck carries; where the truck is. */
interface Pose {
  crane: number;
  hook: number;
  carries: 'old' | 'new' | null;
  onTruck: 'old' | 'new' | null;
  /** 0: in the bay; below: before it; above: behind it. */
  truck: number;
  locked: boolean;
}

const STANDS: Pose = { crane: 0.5, hook: 0, carries: null, onTruck: 'old', truck: 0, locked: true };
const POSES: Readonly<Record<SwapState, Pose>> = {
  QUEUED: { ...STANDS, truck: -1 },
  IDENTIFYING: { ...STANDS, truck: -0.6 },
  AUTHORIZING: { ...STANDS, truck: -0.6 },
  POSITIONING: { ...STANDS, truck: -0.15, crane: 0 },
  SECURING: { ...STANDS, crane: 0 },
  UNLOCKING: { ...STANDS, crane: 0, hook: 1, locked: false },
  LIFTING: { ...STANDS, crane: 0, hook: 0.3, carries: 'old', onTruck: null, locked: false },
  TRANSFER_IN: { ...STANDS, crane: 0.55, hook: 0.1, carries: 'old', onTruck: null, locked: false },
  BATTERY_IN: { ...STANDS, crane: 1, hook: 0.9, carries: 'old', onTruck: null, locked: false },
  PICKING: { ...STANDS, crane: 0.8, hook: 0.9, carries: 'new', onTruck: null, locked: false },
  TRANSFER_OUT: { ...STANDS, crane: 0.45, hook: 0.1, carries: 'new', onTruck: null, locked: false },
  SEATING: { ...STANDS, crane: 0, hook: 0.8, carries: 'new', onTruck: null, locked: false },
  LOCKING: { ...STANDS, crane: 0, hook: 0.5, onTruck: 'new' },
  SELF_CHECK: { ...STANDS, crane: 0, onTruck: 'new' },
  RELEASING: { ...STANDS, onTruck: 'new' },
  COMPLETED: { ...STANDS, onTruck: 'new', truck: 0.5 },
  ABORTED_SAFE: { ...STANDS, truck: 0 },
  ABORTED_NO_PACK: { ...STANDS, onTruck: null, locked: false },
  SUSPENDED: { ...STANDS, crane: 0.5, hook: 0.1, locked: false },
};

const TRUCK_X = 52;
const RACK_X = 246;
const CRANE_SPAN = RACK_X - TRUCK_X - 6;
const PACK_Y = 96;
/** The hook's way from under the rail to a pack on the truck. */
const HOOK_WAY = 42;
const TRUCK_STEP = 90;
const SLOTS = [0, 1, 2, 3] as const;

/** The bay from the side: truck, gantry with what hangs on it, rack. It repeats what the sentence beside it says. */
export function SwapPicture({ state }: { state: SwapState }): VNode {
  const pose = POSES[state];
  return (
    <svg class="swap-picture" viewBox="0 0 340 160" aria-hidden="true" data-pose={state}>
      <path class="ground" d="M0 146H340" />
      <path class="frame" d="M30 146V24H318V146" />
      <Rack pose={pose} state={state} />
      <g class="moves" style={{ transform: `translateX(${pose.truck * TRUCK_STEP}px)` }}>
        <TruckShape pose={pose} />
      </g>
      <Crane pose={pose} />
      {state === 'IDENTIFYING' && <path class="beam" d="M34 46L14 112H52Z" />}
      {state === 'SUSPENDED' && <path class="stop" d="M170 40l22 38h-44z" />}
    </svg>
  );
}

function TruckShape({ pose: { onTruck, locked } }: { pose: Pose }): VNode {
  return (
    <>
      <path class="cab" d="M40 132V84q0-8 8-8H50V132Z M16 132V92q2-16 14-16H42V132Z" />
      <path class="chassis" d="M14 132H200" />
      {onTruck !== null && <rect class={`pack ${onTruck}`} x={TRUCK_X + 4} y={PACK_Y - 6} width={44} height={36} rx={4} />}
      <path class={locked ? 'lock on' : 'lock'} d={`M${TRUCK_X + 6} 131h8M${TRUCK_X + 38} 131h8`} />
      <path class="trailer" d="M108 88H206V130H108Z" />
      <circle class="wheel" cx={34} cy={138} r={9} />
      <circle class="wheel" cx={92} cy={138} r={9} />
      <circle class="wheel" cx={168} cy={138} r={9} />
      <circle class="wheel" cx={190} cy={138} r={9} />
    </>
  );
}

/** Slots with charged packs, one free for the one that comes. */
function Rack({ pose, state }: { pose: Pose; state: SwapState }): VNode {
  const isBack = pose.onTruck === 'new' || pose.carries === 'new' || state === 'PICKING';
  return (
    <g>
      {SLOTS.map((slot) => {
        const [column, row] = [slot % 2, Math.floor(slot / 2)];
        const [x, y] = [RACK_X + column * 36, 76 + row * 34];
        const holds = slot === 1 ? (isBack ? 'old' : null) : slot === 0 && isBack ? null : 'new';
        return (
          <g key={slot}>
            <rect class="slot" x={x - 16} y={y} width={34} height={32} />
            {holds !== null && <rect class={`pack ${holds}`} x={x - 12} y={y + 5} width={26} height={23} rx={3} />}
          </g>
        );
      })}
    </g>
  );
}

function Crane({ pose: { crane, hook, carries } }: { pose: Pose }): VNode {
  return (
    <g class="moves" style={{ transform: `translateX(${crane * CRANE_SPAN}px)` }}>
      <rect class="trolley" x={TRUCK_X + 8} y={20} width={36} height={12} rx={3} />
      <g class="moves" style={{ transform: `translateY(${hook * HOOK_WAY}px)` }}>
        <path class="rope" d={`M${TRUCK_X + 26} -20V46`} />
        <path class="grip" d={`M${TRUCK_X + 6} 54V46H${TRUCK_X + 46}V54`} />
        {carries !== null && <rect class={`pack ${carries}`} x={TRUCK_X + 4} y={48} width={44} height={36} rx={4} />}
      </g>
    </g>
  );
}
