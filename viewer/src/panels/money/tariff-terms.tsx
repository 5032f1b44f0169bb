import type { PeriodHours } from '@corridor/protocols/agreement/tariff-price';
import type { TimeOfUseTariff } from '@corridor/protocols/network-file';
import type { VNode } from 'preact';
import { unitPrice } from '../../format/money.ts';
import { figure } from '../../format/quantity.ts';
import { useApp, useWords } from '../app-context.ts';
import { Field } from '../figures.tsx';

const FACTOR_ONE = 10_000;
const HOURS_PER_DAY = 24;
const MARKED_HOURS = [0, 6, 12, 18, 24];

/** Prices of the periods, and when in the day each of them is, by season. */
export function TariffTerms({ tariff }: { tariff: TimeOfUseTariff }): VNode {
  const { language } = useApp();
  const words = useWords();
  return (
    <>
      <dl class="fields terms">
        <Field label={words.agreement.region}>{words.agreement.gridRegion[tariff.gridRegion]}</Field>
        {tariff.stationId !== undefined && <Field label={words.field.station}>{tariff.stationId}</Field>}
        {tariff.formula !== undefined && (
          <Field label={words.agreement.formula}>
            <span class="figure">
              {unitPrice(tariff.formula.fixedNanoYuanPerKwh)} + {unitPrice(tariff.formula.baseNanoYuanPerKwh)} × f
            </span>
          </Field>
        )}
        {tariff.prices.map((each) => (
          <Field key={each.period} label={language.codeWord(each.period)}>
            {'priceNanoYuanPerKwh' in each ? (
              <span class="figure">
                {unitPrice(each.priceNanoYuanPerKwh)}
                <small> /kWh</small>
              </span>
            ) : (
              <span class="figure">f = {figure(each.factorBasisPoints / FACTOR_ONE, 2)}</span>
            )}
          </Field>
        ))}
      </dl>
      {tariff.seasons.map((season) => (
        <DayStrip
          key={season.months.join()}
          name={words.agreement.months(season.months.join(', '))}
          hours={season.hours}
          unconfirmed={season.unconfirmed === true}
        />
      ))}
      {(tariff.holidays ?? []).map((holiday) => (
        <DayStrip
          key={holiday.name}
          name={`${holiday.name} (${figure(holiday.dates.length)})`}
          hours={holiday.hours}
          unconfirmed={holiday.unconfirmed === true}
        />
      ))}
      <p class="nothing">
        {words.agreement.source}: {tariff.source}
        {tariff.unconfirmed && ` · ${words.agreement.unconfirmed}`}
      </p>
    </>
  );
}

/** A day as a strip of its periods; height says what the shade says. */
function DayStrip({ name, hours, unconfirmed }: { name: string; hours: readonly PeriodHours[]; unconfirmed: boolean }): VNode {
  const { language } = useApp();
  const words = useWords();
  const spans = hours
    .flatMap(({ period, ranges }) => ranges.map(([from, to]) => ({ period, from, to })))
    .sort((one, other) => one.from - other.from);
  return (
    <div class="day-strip">
      <small>
        {name}
        {unconfirmed && ` · ${words.agreement.unconfirmed}`}
      </small>
      <ol>
        {spans.map(({ period, from, to }) => (
          <li
            key={from}
            class={period.toLowerCase().replace('_', '-')}
            style={{ left: `${(from / HOURS_PER_DAY) * 100}%`, width: `${((to - from) / HOURS_PER_DAY) * 100}%` }}
            title={`${language.codeWord(period)} ${from}:00–${to}:00`}
          >
            <span>{language.codeWord(period)}</span>
          </li>
        ))}
      </ol>
      <div class="day-hours figure" aria-hidden="true">
        {MARKED_HOURS.map((hour) => (
          <i key={hour} style={{ left: `${(hour / HOURS_PER_DAY) * 100}%` }}>
            {hour}
          </i>
        ))}
      </div>
    </div>
  );
}
