import type { AlarmFigures } from '@corridor/protocols/http/alarm-figures';
import type { ComponentChildren, VNode } from 'preact';
import { useState } from 'preact/hooks';
import { duration, figure } from '../../format/quantity.ts';
import { oneOf } from '../../store/place-query.ts';
import { useApp, useWords } from '../app-context.ts';
import { useFetched } from '../fetched.ts';
import { DayTime, Figure } from '../figures.tsx';
import { Link } from '../link.tsx';
import { DataTable } from '../money/data-table.tsx';
import { Choice, ListHead } from '../money/list-tools.tsx';
import { NotFetched } from '../not-fetched.tsx';
import { PlaceNotice, usePlace } from '../use-place.tsx';
import { Scope } from './alarm-table.tsx';
import { BinBars } from './bin-bars.tsx';

const DAY_MS = 86_400_000;
const FLOOD_ABOVE = 10;
const MINUTE_MS = 60_000;
const share = (ratio: number): string => `${figure(ratio * 100, 1)} %`;

/** How people fare with the alarms, by the measures of ISA-18.2, each beside its goal. */
export function AlarmFiguresPart(): VNode {
  const { alarmApi, clock, store } = useApp();
  const words = useWords();
  const place = usePlace({ span: oneOf(Object.keys(words.operations.spanOf), String(DAY_MS)) });
  const spanMs = Number(place.asked.span);
  const [asked, setAsked] = useState(0);
  const { value, state, retry } = useFetched(
    store.loaded.value ? String(spanMs) : null,
    () => {
      const untilMs = Math.floor(clock.nowMs(performance.now()));
      return alarmApi.figures(new Date(untilMs - spanMs).toISOString(), new Date(untilMs).toISOString());
    },
    asked,
  );
  return (
    <section class="money-part" data-part="alarm-figures">
      <ListHead refresh={() => setAsked(asked + 1)}>
        <Choice
          name="span"
          label={words.operations.span}
          value={String(spanMs)}
          options={Object.entries(words.operations.spanOf)}
          choose={(chosen) => place.narrow({ span: chosen })}
        />
      </ListHead>
      <PlaceNotice wrong={place.wrong} />
      {value !== null && state === 'failed' && <p class="alarm-text">{words.data.old}</p>}
      {value === null ? <NotFetched state={state} retry={retry} tall /> : <Figures of={value} />}
    </section>
  );
}

function Figures({ of }: { of: AlarmFigures }): VNode {
  const words = useWords();
  const topShare = of.raised === 0 ? 0 : of.top.reduce((sum, { raised }) => sum + raised, 0) / of.raised;
  const word = words.operations.figure;
  return (
    <>
      {of.isCut && <p class="flood-text">{words.operations.isCut}</p>}
      <div class="alarm-tiles">
        <Tile name={word.mean} value={figure(of.perTenMinutes.mean, 2)} goal="≤ 1" />
        <Tile name={word.peak} value={figure(of.perTenMinutes.peak)} goal="≤ 10">
          {of.perTenMinutes.peakAt !== null && <DayTime at={of.perTenMinutes.peakAt} />}
        </Tile>
        <Tile name={word.flood} value={share(of.perTenMinutes.floodRatio)} goal="< 1 %" />
        <Tile name={word.standing} value={figure(of.standing)} />
        <Tile name={word.stale} value={figure(of.staleCount)} goal="< 5" />
        <Tile name={word.median} value={<Figure of={duration(of.acknowledgedMedianMs)} />} />
        <Tile name={word.never} value={figure(of.neverAcknowledged)} />
      </div>
      <h2>
        {words.operations.perTen}
        <small>{words.operations.perTenOf(figure(of.binMs / MINUTE_MS))}</small>
      </h2>
      <BinBars
        label={`${words.operations.perTen}: ${figure(of.perTenMinutes.peak)}`}
        counts={of.bins}
        from={of.from}
        binMs={of.binMs}
        limit={of.binMs === 10 * MINUTE_MS ? FLOOD_ABOVE : null}
      />
      <Points title={words.operations.top} hint={words.operations.topShare(share(topShare))} rows={of.top} />
      <Points title={words.operations.chattering} hint={words.operations.chatteringHint} rows={of.chattering} />
      <Stale of={of} />
      <Floods of={of} />
    </>
  );
}

function Tile({
  name,
  value,
  goal,
  children,
}: {
  name: string;
  value: ComponentChildren;
  goal?: string;
  children?: ComponentChildren;
}): VNode {
  const words = useWords();
  return (
    <div class="account">
      <span>{name}</span>
      <b class="figure">{value}</b>
      <small>{goal === undefined ? children : words.operations.goal(goal)}</small>
      {goal !== undefined && children !== undefined && <small>{children}</small>}
    </div>
  );
}

function Points({
  title,
  hint,
  rows,
}: {
  title: string;
  hint: string;
  rows: readonly { code: string; scope: string; scopeId: string; raised: number }[];
}): VNode {
  const { language } = useApp();
  const words = useWords();
  return (
    <>
      <h2>
        {title}
        <small>{hint}</small>
      </h2>
      {rows.length === 0 && <p class="nothing">{words.operations.none}</p>}
      <DataTable
        columns={[{ word: words.operations.alarm }, { word: words.operations.where }, { word: words.operations.raised, look: 'amount' }]}
        rows={rows.map((row) => ({
          key: `${row.code}/${row.scope}/${row.scopeId}`,
          cells: [language.codeWord(row.code), <Scope alarm={row} />, figure(row.raised)],
        }))}
      />
    </>
  );
}

function Stale({ of }: { of: AlarmFigures }): VNode {
  const { language } = useApp();
  const words = useWords();
  return (
    <>
      <h2>{words.operations.stale}</h2>
      {of.stale.length === 0 && <p class="nothing">{words.operations.none}</p>}
      <DataTable
        columns={[{ word: words.operations.alarm }, { word: words.operations.where }, { word: words.operations.raised, look: 'amount' }]}
        rows={of.stale.map((row) => ({
          key: row.id,
          cells: [
            <Link kind="alarm" id={row.id}>
              {language.codeWord(row.code)}
            </Link>,
            <Scope alarm={row} />,
            <DayTime at={row.since} />,
          ],
        }))}
      />
    </>
  );
}

function Floods({ of }: { of: AlarmFigures }): VNode {
  const { language } = useApp();
  const words = useWords();
  return (
    <>
      <h2>{words.operations.floods}</h2>
      {of.floods.length === 0 && <p class="nothing">{words.operations.none}</p>}
      <DataTable
        columns={[
          { word: words.operations.from },
          { word: words.operations.until },
          { word: words.operations.firstCame },
          { word: words.operations.raised, look: 'amount' },
        ]}
        rows={of.floods.map((flood) => ({
          key: flood.from,
          cells: [
            <DayTime at={flood.from} />,
            <DayTime at={flood.until} />,
            <>
              {language.codeWord(flood.firstOut.code)} · <Scope alarm={flood.firstOut} />
            </>,
            figure(flood.raised),
          ],
        }))}
      />
    </>
  );
}
