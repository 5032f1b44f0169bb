import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Reconciliation as Compared } from '../../feed/settlement-api.ts';
import { saveCsv, yuanCell } from '../../format/csv.ts';
import { yuan } from '../../format/money.ts';
import { figure } from '../../format/quantity.ts';
import { day, dayAndTime } from '../../format/time.ts';
import { useApp, useWords } from '../app-context.ts';
import { useFetched } from '../fetched.ts';
import { Chip, Field } from '../figures.tsx';
import { NotFetched } from '../not-fetched.tsx';
import { useAct } from '../use-act.ts';
import { DataTable } from './data-table.tsx';
import { DayEntry, ListHead } from './list-tools.tsx';

/** The provider's bill of a day against what was booked: every difference by name. */
export function Reconciliation(): VNode {
  // The provider's days are days of the wall, whatever the scene's clock says.
  const [localDay, setDay] = useState(() => day(Date.now()));
  return <ReconciliationOf key={localDay} localDay={localDay} choose={setDay} />;
}

function ReconciliationOf({ localDay, choose }: { localDay: string; choose: (localDay: string) => void }): VNode {
  const { settlementApi } = useApp();
  const words = useWords();
  const act = useAct();
  const { value, state, retry } = useFetched(localDay, async () => ({ compared: await settlementApi.reconciliation(localDay) }));
  const compared = value?.compared ?? null;
  const compare = async (): Promise<void> => {
    if (await act.run(() => settlementApi.reconcile(localDay))) retry();
  };
  return (
    <section class="money-part" data-part="reconciliation">
      <ListHead refresh={retry} saveCsv={compared === null ? null : () => saveCsv(`reconciliation-${localDay}.csv`, csvRows(compared))}>
        <DayEntry name="day" label={words.money.providerDay} value={localDay} choose={(chosen) => chosen !== '' && choose(chosen)} />
        <button type="button" class="button" data-action="compare" disabled={act.sending} onClick={() => void compare()}>
          {words.money.compare}
        </button>
      </ListHead>
      <p class="alarm-text" role="alert">
        {act.problem}
      </p>
      {value === null && <NotFetched state={state} retry={retry} />}
      {value !== null && compared === null && <p class="nothing">{words.money.notCompared}</p>}
      {compared !== null && <ComparedDay compared={compared} />}
    </section>
  );
}

function ComparedDay({ compared }: { compared: Compared }): VNode {
  const words = useWords();
  const agrees = compared.differences.length === 0;
  return (
    <>
      <Chip condition={agrees ? 'active' : 'alarm'}>
        {agrees ? words.money.agrees : words.money.differences(figure(compared.differences.length))}
      </Chip>
      <dl class="fields padded" data-compared={compared.billDate}>
        <Field label={words.money.providerSays}>
          <span class="figure">{yuan(compared.billNetFen)}</span>
        </Field>
        <Field label={words.money.booked}>
          <span class="figure">{yuan(compared.bookedNetFen)}</span>
        </Field>
        <Field label={words.money.billRows}>
          <span class="figure">{figure(compared.billRows)}</span>
        </Field>
        <Field label={words.money.comparedAt}>
          <span class="figure">{dayAndTime(compared.comparedAt)}</span>
        </Field>
      </dl>
      <DataTable
        columns={[
          { word: words.money.type },
          { word: words.money.paymentNo },
          { word: words.money.booked, look: 'amount' },
          { word: words.money.providerSays, look: 'amount' },
        ]}
        rows={compared.differences.map((each) => ({
          key: `${each.kind}/${each.number}`,
          cells: [
            <span title={each.detail}>{words.money.differenceKind[each.kind] ?? each.kind}</span>,
            each.paymentId ?? each.number,
            yuan(each.oursFen),
            yuan(each.theirsFen),
          ],
        }))}
      />
    </>
  );
}

function csvRows({ billDate, differences }: Compared): string[][] {
  return [
    ['day', 'kind', 'number', 'payment', 'ours_yuan', 'theirs_yuan', 'detail'],
    ...differences.map((each) => [
      billDate,
      each.kind,
      each.number,
      each.paymentId ?? '',
      yuanCell(each.oursFen),
      yuanCell(each.theirsFen),
      each.detail,
    ]),
  ];
}
