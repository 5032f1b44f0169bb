import type { Bill } from '@corridor/protocols/http/scene';
import { ChevronRight } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { unitPrice, yuan } from '../format/money.ts';
import { energyExact, figure } from '../format/quantity.ts';
import { derivationText } from '../i18n/derivation.ts';
import { useApp, useWords } from './app-context.ts';
import { useFetched } from './fetched.ts';
import { Field, Figure } from './figures.tsx';
import { Icon } from './icon.tsx';
import { Link } from './link.tsx';
import { NotFetched } from './not-fetched.tsx';
import { useInstant } from './past/instant.ts';

/** States of an order in which there is a bill. */
export const BILLED_STATES: ReadonlySet<string> = new Set(['BILLED', 'CLEARED', 'SETTLED', 'REPAIRED']);

/** The bill of an order: lines that open to their derivation, the sum, and who gets what. Of a recorded one the sum is all that is known. */
export function BillPanel({ orderId, state }: { orderId: string; state: string }): VNode {
  const { recording } = useApp();
  const words = useWords();
  if (recording.value !== null) return <p class="nothing">{words.recording.noLines}</p>;
  return <BillOf orderId={orderId} state={state} />;
}

function BillOf({ orderId, state }: { orderId: string; state: string }): VNode {
  const { api } = useApp();
  const words = useWords();
  const at = useInstant();
  const { value: bill, state: fetching, retry } = useFetched(orderId, () => api.bill(orderId, at), `${state}/${at ?? ''}`);
  if (bill === null) return <NotFetched state={fetching} retry={retry} />;
  return (
    <>
      <table class="bill">
        <tbody>
          {bill.lines.map((line) => (
            <BillLine key={line.lineNo} line={line} />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{words.field.payable}</th>
            <td class="amount">{yuan(bill.payableFen)}</td>
          </tr>
        </tfoot>
      </table>
      <dl class="fields">
        <Field label={words.field.energyOut}>
          <Figure of={energyExact(bill.energyOutWh)} />
        </Field>
        <Field label={words.field.energyIn}>
          <Figure of={energyExact(bill.energyInWh)} />
        </Field>
        <Field label={words.field.held}>
          <span class="figure">{yuan(bill.heldFen)}</span>
        </Field>
        <Field label={words.field.released}>
          <span class="figure">{yuan(bill.releasedFen)}</span>
        </Field>
      </dl>
      {bill.clearing.length > 0 && <Clearing rows={bill.clearing} />}
    </>
  );
}

/** Energy is billed by the watt-hour and priced by the kilowatt-hour: shown as the latter, to the last digit. */
function quantityText({ quantity, unit }: Bill['lines'][number], unitWords: Record<string, string>): string {
  if (unit === 'Wh' && /^-?\d+$/.test(quantity)) return `${figure(Number(quantity) / 1000, 3)} kWh`;
  return `${quantity.replace('-', '−')} ${unitWords[unit] ?? unit}`;
}

function BillLine({ line }: { line: Bill['lines'][number] }): VNode {
  const { language, names } = useApp();
  const words = useWords();
  const [open, setOpen] = useState(false);
  const credit = line.amountFen.startsWith('-');
  return (
    <>
      <tr class={open ? 'bill-line open' : 'bill-line'}>
        <th scope="row">
          <button type="button" class="fold" aria-expanded={open} onClick={() => setOpen(!open)} title={words.field.derivation}>
            <Icon node={ChevronRight} size={12} />
            <span>
              {language.codeWord(line.component)}
              {line.period !== null && <em> {language.codeWord(line.period)}</em>}
              <small>
                {quantityText(line, words.unit)}
                {line.unitPriceNanoYuan !== null && <> × {unitPrice(line.unitPriceNanoYuan)}</>}
              </small>
            </span>
          </button>
        </th>
        <td class={credit ? 'amount credit' : 'amount'}>{yuan(line.amountFen)}</td>
      </tr>
      {open && (
        <tr class="derivation">
          <td colSpan={2}>
            {!language.chinese && <p>{line.description}</p>}
            <code>{derivationText(line.derivation, language)}</code>
            <dl class="fields">
              {line.beneficiaryId !== null && (
                <Field label={words.field.beneficiary}>{names.nameOf(line.beneficiaryId, language.chinese)}</Field>
              )}
              <Field label={words.field.tax}>{figure(line.taxRateBasisPoints / 100)} %</Field>
              {line.packId !== null && (
                <Field label={words.field.pack}>
                  <Link kind="pack" id={line.packId} />
                </Field>
              )}
            </dl>
          </td>
        </tr>
      )}
    </>
  );
}

function Clearing({ rows }: { rows: Bill['clearing'] }): VNode {
  const { language, names } = useApp();
  const words = useWords();
  return (
    <table class="bill clearing">
      <caption>{words.section.clearing}</caption>
      <thead>
        <tr>
          <th scope="col">{words.money.party}</th>
          <th scope="col" class="amount">
            {words.field.gross}
          </th>
          <th scope="col" class="amount">
            {words.field.commission}
          </th>
          <th scope="col" class="amount">
            {words.field.net}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, i) => (
          <tr key={`${row.principalId}-${row.role}-${i}`}>
            <th scope="row" title={language.codeWord(row.role)}>
              {names.nameOf(row.principalId, language.chinese)}
            </th>
            <td class="amount">{yuan(row.grossFen)}</td>
            <td class="amount">{yuan(row.commissionFen)}</td>
            <td class="amount">{yuan(row.netFen)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
