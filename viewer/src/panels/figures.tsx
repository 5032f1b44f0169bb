import type { ComponentChildren, VNode } from 'preact';
import { percent as percentOf, type Quantity, UNKNOWN } from '../format/quantity.ts';
import { clockTime, dayAndTime, withZone } from '../format/time.ts';
import { cssColour, socColour } from '../scene/soc-ramp.ts';
import type { Condition } from '../store/condition.ts';

/** A figure with its unit in a lighter weight. */
export function Figure({ of }: { of: Quantity }): VNode {
  return (
    <span class="figure">
      {of.figure}
      {of.unit !== '' && <small>{of.unit === '%' ? '%' : ` ${of.unit}`}</small>}
    </span>
  );
}

/** A time of day; the date and the zone on hover. */
export function Time({ at }: { at: string | null | undefined }): VNode {
  const text = clockTime(at);
  return text === UNKNOWN ? (
    <span class="figure">{UNKNOWN}</span>
  ) : (
    <time class="figure" dateTime={at ?? ''} title={withZone(at)}>
      {text}
    </time>
  );
}

/** Date and time of day; the zone on hover. Where there is little room the time stands below the date. */
export function DayTime({ at }: { at: string }): VNode {
  const [date, time] = dayAndTime(at).split(' ');
  return (
    <time class="figure" dateTime={at} title={withZone(at)}>
      <span>{date}</span> <span>{time}</span>
    </time>
  );
}

/** State of charge as a bar with its figure: length says what colour says. */
export function SocBar({ socPercent, wide = false }: { socPercent: number | null; wide?: boolean }): VNode {
  const width = socPercent === null ? 0 : Math.min(Math.max(socPercent, 0), 100);
  return (
    <span class={wide ? 'soc wide' : 'soc'}>
      <span class="soc-track">
        <span class="soc-fill" style={{ width: `${width}%`, background: cssColour(socColour(socPercent)) }} />
      </span>
      <Figure of={percentOf(socPercent, wide ? 1 : 0)} />
    </span>
  );
}

/** Dot of a condition; its shape differs too: ring for offline, triangle for alarm. */
export function Dot({ condition, label }: { condition: Condition; label?: string }): VNode {
  return label === undefined ? (
    <i class={`dot ${condition}`} aria-hidden="true" />
  ) : (
    <i class={`dot ${condition}`} role="img" aria-label={label} title={label} />
  );
}

export function Chip({ condition, children }: { condition: Condition; children: ComponentChildren }): VNode {
  return (
    <span class={`chip ${condition}`}>
      <Dot condition={condition} />
      {children}
    </span>
  );
}

/** One row of a list of values. `id` lets tests and deep links name it. */
export function Field({ label, children, wide = false }: { label: string; children: ComponentChildren; wide?: boolean }): VNode {
  return (
    <div class={wide ? 'field wide' : 'field'}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
