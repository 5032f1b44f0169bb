import type { EquipmentRow } from '@corridor/protocols/http/equipment';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { duration, energyExact, figure, UNKNOWN } from '../../format/quantity.ts';
import { dayAndTime } from '../../format/time.ts';
import { useApp, useWords } from '../app-context.ts';
import { useFetched } from '../fetched.ts';
import { Figure } from '../figures.tsx';
import { DataTable } from '../money/data-table.tsx';
import { NotFetched } from '../not-fetched.tsx';

/** From where to where the picture goes: below it no pack is in use. */
const PICTURE = { fromPercent: 60, untilPercent: 105 };
const placeOf = (percent: number): number =>
  (Math.min(Math.max(percent, PICTURE.fromPercent), PICTURE.untilPercent) - PICTURE.fromPercent) /
  (PICTURE.untilPercent - PICTURE.fromPercent);

/** State of health: what the BMS says beside what its readings tell, with the interval, the method and what it rests on. */
export function SohPanel({ row }: { row: EquipmentRow }): VNode | null {
  const words = useWords();
  const [isOpen, setOpen] = useState(false);
  const estimate = row.sohEstimate;
  if (estimate === null) return null;
  const { lowPercent, highPercent, sohPercent, pairs, estimatedAt } = estimate;
  return (
    <div class="soh-panel" data-soh={row.id}>
      <h3>{words.data.soh}</h3>
      <p>
        <span>
          {words.data.estimated} <b class="figure">{figure(sohPercent, 1)} %</b>{' '}
          <small>{words.data.interval(figure(lowPercent, 1), figure(highPercent, 1))}</small>
        </span>
        <span>
          {words.data.byBms} <b class="figure">{row.sohPercent === null ? UNKNOWN : `${figure(row.sohPercent, 1)} %`}</b>
        </span>
      </p>
      <div class="soh-picture" aria-hidden="true">
        <i
          class="soh-band"
          style={{ left: `${placeOf(lowPercent) * 100}%`, width: `${(placeOf(highPercent) - placeOf(lowPercent)) * 100}%` }}
        />
        <i class="soh-point" style={{ left: `${placeOf(sohPercent) * 100}%` }} />
        {row.sohPercent !== null && <i class="soh-bms" style={{ left: `${placeOf(row.sohPercent) * 100}%` }} />}
      </div>
      <small class="soh-scale" aria-hidden="true">
        <span>{PICTURE.fromPercent} %</span>
        <span>{PICTURE.untilPercent} %</span>
      </small>
      <p class="soh-method">{words.data.method(figure(pairs), dayAndTime(estimatedAt))}</p>
      <button type="button" class="link" data-action="rests" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {words.data.rests}
      </button>
      {isOpen && <Rests packId={row.id} />}
    </div>
  );
}

const RESTS_SHOWN = 30;

function Rests({ packId }: { packId: string }): VNode {
  const { dataApi } = useApp();
  const words = useWords();
  const { value, state, retry } = useFetched(packId, () => dataApi.soh(packId));
  if (value === null) return <NotFetched state={state} retry={retry} />;
  return (
    <DataTable
      caption={words.data.restsCaption(figure(value.rests.length))}
      columns={[
        { word: words.money.time },
        { word: words.data.rested, look: 'amount' },
        { word: words.data.socByVoltage, look: 'amount' },
        { word: words.data.energySince, look: 'amount' },
      ]}
      rows={value.rests
        .slice(-RESTS_SHOWN)
        .toReversed()
        .map(({ at, restedMs, socPercent, sigmaPercent, energyWh }) => ({
          key: at,
          cells: [
            dayAndTime(at),
            <Figure of={duration(restedMs)} />,
            <span class="figure">
              {figure(socPercent, 1)}
              <small> ± {figure(sigmaPercent, 1)} %</small>
            </span>,
            energyWh === null ? <span title={words.data.energyUnknown}>{UNKNOWN}</span> : <Figure of={energyExact(energyWh)} />,
          ],
        }))}
    />
  );
}
