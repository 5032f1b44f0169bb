import type { EquipmentColumn, EquipmentKind, EquipmentRow } from '@corridor/protocols/http/equipment';
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { energy, figure, power, type Quantity, quantity } from '../../format/quantity.ts';
import { dayAndTime } from '../../format/time.ts';
import { useApp, useWords } from '../app-context.ts';
import { useFetched } from '../fetched.ts';
import { Field } from '../figures.tsx';
import { Link } from '../link.tsx';
import { NotFetched } from '../not-fetched.tsx';
import { CloseDetail } from './close-detail.tsx';
import { CurvePlot } from './curve-plot.tsx';
import { EquipmentCell } from './equipment-cell.tsx';
import { columnsOf } from './equipment-columns.ts';
import { SohPanel } from './soh-panel.tsx';

const HOUR_MS = 3_600_000;
const SPANS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS, month: 30 * 24 * HOUR_MS } as const;
type Span = keyof typeof SPANS;
const SPAN_NAMES = Object.keys(SPANS) as Span[];
const POINTS = 360;
/** Curves follow the time in steps of this many wall seconds. */
const STEP_S = 30;

const volts = (value: number | null): Quantity => quantity(value, 'V', 1);
const amperes = (value: number | null): Quantity => quantity(value, 'A', 1);
const degrees = (value: number | null): Quantity => quantity(value, '°C', 1);
const percents = (value: number | null): Quantity => quantity(value, '%', 1);
const FIELDS: Readonly<Record<EquipmentKind, readonly (readonly [field: string, set: (value: number | null) => Quantity])[]>> = {
  pack: [
    ['socPercent', percents],
    ['powerW', power],
    ['tempMaxC', degrees],
    ['voltageV', volts],
    ['currentA', amperes],
    ['energyWh', energy],
    ['sohPercent', percents],
  ],
  slot: [
    ['powerW', power],
    ['setpointW', power],
    ['plugTempC', degrees],
    ['voltageV', volts],
    ['currentA', amperes],
    ['meterWh', energy],
  ],
  meter: [
    ['powerW', power],
    ['importWh', energy],
    ['exportWh', energy],
  ],
  truck: [
    ['socPercent', percents],
    ['motorPowerW', power],
    ['speedKmh', (value) => quantity(value, 'km/h')],
    ['voltageV', volts],
    ['currentA', amperes],
  ],
};
const SELECTABLE = { pack: 'pack', slot: 'slot', truck: 'truck', meter: null } as const;
/** Said by the curves, or in the head. */
const NOT_LISTED: readonly EquipmentColumn[] = ['id'];

/** What is known of one piece of equipment: its values, its curves, its state of health. */
export function EquipmentDetail({ row, scopeAt, close }: { row: EquipmentRow; scopeAt: string; close: () => void }): VNode {
  const { past } = useApp();
  const words = useWords();
  const head = useRef<HTMLHeadingElement>(null);
  const kind = SELECTABLE[row.kind];
  // On a phone it covers the list: whoever listens to the page is told where he is.
  useEffect(() => head.current?.focus(), []);
  return (
    <section class="data-detail" data-detail={row.id} aria-label={row.id}>
      <header>
        <h2 ref={head} tabIndex={-1}>
          {row.id}
        </h2>
        {kind !== null && (
          <Link kind={kind} id={row.id}>
            {words.data.inScene}
          </Link>
        )}
        <CloseDetail close={close} />
      </header>
      <dl class="fields">
        {columnsOf(row.kind)
          .filter((column) => !NOT_LISTED.includes(column) && !(column === 'q' && row.q.length === 0))
          .map((column) => (
            <Field key={column} label={words.data.column[column]} wide={column === 'ownerId' || column === 'q'}>
              <EquipmentCell row={row} column={column} />
            </Field>
          ))}
      </dl>
      {/* The rests that the last estimate is made from are of now. */}
      {past.value === null && row.kind === 'pack' && row.sohEstimate !== null && <SohPanel row={row} />}
      <CurveList row={row} scopeAt={scopeAt} />
    </section>
  );
}

function CurveList({ row, scopeAt }: { row: EquipmentRow; scopeAt: string }): VNode {
  const { dataApi, second, past } = useApp();
  const words = useWords();
  const [span, setSpan] = useState<Span>('hour');
  const { value, state, retry } = useFetched(
    `${row.kind}/${row.id}/${span}/${past.value === null ? '' : scopeAt}`,
    async () => {
      const untilMs = Date.parse(scopeAt);
      const asked = { kind: row.kind, id: row.id, fromMs: untilMs - SPANS[span], untilMs, points: POINTS };
      return { asked, curves: await dataApi.curves(asked) };
    },
    Math.floor(second.value / STEP_S),
  );
  return (
    <div class="data-curves" aria-busy={state === 'loading'}>
      <div class="segmented" role="group" aria-label={words.data.spanLabel}>
        {SPAN_NAMES.map((one) => (
          <button key={one} type="button" data-span={one} aria-pressed={one === span} onClick={() => setSpan(one)}>
            {words.data.span[one]}
          </button>
        ))}
      </div>
      {value !== null && state === 'failed' && <p class="alarm-text">{words.data.old}</p>}
      {value === null ? (
        state === 'failed' ? (
          <p class="nothing">
            {words.data.noCurves}{' '}
            <button type="button" class="link" onClick={retry}>
              {words.money.refresh}
            </button>
          </p>
        ) : (
          <NotFetched state={state} retry={retry} tall />
        )
      ) : (
        <>
          {FIELDS[row.kind].map(([field, set]) => (
            <CurvePlot
              key={field}
              curves={value.curves}
              field={field}
              label={words.data.field[field] ?? field}
              set={set}
              fromMs={value.asked.fromMs}
              untilMs={value.asked.untilMs}
            />
          ))}
          {value.curves.at.length === 0 && <p class="nothing">{words.data.noReadings}</p>}
          <CurveNotes curves={value.curves} />
        </>
      )}
    </div>
  );
}

/** What the marks in the curves mean, and all of them as text. */
function CurveNotes({ curves }: { curves: Awaited<ReturnType<ReturnType<typeof useApp>['dataApi']['curves']>> }): VNode {
  const { language } = useApp();
  const words = useWords();
  const { gaps, flags } = curves;
  return (
    <div class="data-notes">
      <p>{words.data.resolution[curves.resolution]}</p>
      {gaps.length > 0 && (
        <details data-notes="gaps">
          <summary>
            <i class="mark-gap" aria-hidden="true" />
            {words.data.gaps(figure(gaps.length))}
          </summary>
          <ul>
            {gaps.map(({ from, until }) => (
              <li key={from}>
                {dayAndTime(from)} – {dayAndTime(until)}
              </li>
            ))}
          </ul>
        </details>
      )}
      {flags.length > 0 && (
        <details data-notes="flags">
          <summary>
            <i class="mark-flag" aria-hidden="true" />
            {words.data.flagged(figure(flags.reduce((sum, { readings }) => sum + readings, 0)))}
          </summary>
          <ul>
            {flags.map(({ from, until, q, readings }) => (
              <li key={from}>
                {dayAndTime(from)} – {dayAndTime(until)}: {figure(readings)} × {q.map((flag) => language.codeWord(flag)).join(', ')}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
