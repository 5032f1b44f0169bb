import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Charge } from '../../feed/charge-api.ts';
import type { Dispute } from '../../feed/settlement-api.ts';
import { fenOfEntry } from '../../format/amount-entry.ts';
import { sumFen, yuan } from '../../format/money.ts';
import { useApp, useWords } from '../app-context.ts';
import { useFetched } from '../fetched.ts';
import { useAct } from '../use-act.ts';

/** The platform decides: dismissed with a reason, or upheld with what is taken back of each line. */
export function DisputeDecision({ dispute, changed }: { dispute: Dispute; changed: () => void }): VNode {
  const { api, chargeApi, settlementApi } = useApp();
  const words = useWords();
  const { chargeId, orderId } = dispute;
  const { value: lines } = useFetched<readonly Line[]>(chargeId ?? orderId, async () =>
    chargeId === null ? (await api.bill(orderId, null)).lines : standingLines(await chargeApi.charge(chargeId)),
  );
  const [decision, setDecision] = useState('');
  const [entries, setEntries] = useState<Readonly<Record<number, string>>>({});
  const act = useAct();
  const decide = async (outcome: 'UPHELD' | 'DISMISSED'): Promise<void> => {
    const text = decision.trim();
    if (text === '') return act.object(words.money.decisionMissing);
    if (outcome === 'DISMISSED') {
      if (await act.run(() => settlementApi.decideDispute(dispute.id, { outcome, decision: text }))) changed();
      return;
    }
    const changes = changesOf(lines ?? [], entries);
    if (changes === null || changes.length === 0) return act.object(words.money.changesInvalid);
    if (await act.run(() => settlementApi.decideDispute(dispute.id, { outcome, decision: text, changes }))) changed();
  };
  return (
    <div class="act-form" data-form="decision">
      <table class="bill">
        <caption>{words.money.takenBack}</caption>
        <tbody>
          {(lines ?? []).map((line) => (
            <CreditLine
              key={line.lineNo}
              line={line}
              entry={entries[line.lineNo] ?? ''}
              change={(text) => setEntries({ ...entries, [line.lineNo]: text })}
            />
          ))}
        </tbody>
      </table>
      <label class="entry">
        <span>{words.money.decision}</span>
        <textarea name="decision" rows={2} maxLength={2000} value={decision} onInput={(event) => setDecision(event.currentTarget.value)} />
      </label>
      <div class="act-buttons">
        <button type="button" class="button primary" data-action="uphold" disabled={act.sending} onClick={() => void decide('UPHELD')}>
          {words.money.uphold}
        </button>
        <button type="button" class="button" data-action="dismiss" disabled={act.sending} onClick={() => void decide('DISMISSED')}>
          {words.money.dismiss}
        </button>
      </div>
      <p class="alarm-text" role="alert">
        {act.problem}
      </p>
    </div>
  );
}

interface Line {
  lineNo: number;
  component: string;
  /** Of an order's line; null: none, and of a charge. */
  period?: string | null;
  amountFen: string;
}

/** Of a charge, what is left of each line after corrections. */
const standingLines = ({ lines, corrections }: Charge): Line[] =>
  lines.map(({ lineNo, component, amountFen }) => {
    const corrected = corrections.flatMap((each) => each.lines).filter(({ ofLineNo }) => ofLineNo === lineNo);
    return { lineNo, component, amountFen: sumFen([amountFen, ...corrected.map((each) => each.amountFen)]) ?? amountFen };
  });

/** What was typed, towards zero: of an amount that was credited, less is credited. null when an entry is no amount. */
function changesOf(lines: readonly Line[], entries: Readonly<Record<number, string>>): { lineNo: number; deltaFen: string }[] | null {
  const changes: { lineNo: number; deltaFen: string }[] = [];
  for (const { lineNo, amountFen } of lines) {
    const entry = (entries[lineNo] ?? '').trim();
    if (entry === '') continue;
    const fen = fenOfEntry(entry);
    if (fen === null) return null;
    changes.push({ lineNo, deltaFen: amountFen.startsWith('-') ? fen : `-${fen}` });
  }
  return changes;
}

function CreditLine({ line, entry, change }: { line: Line; entry: string; change: (text: string) => void }): VNode {
  const { language } = useApp();
  const words = useWords();
  const name = `${language.codeWord(line.component)}${line.period === null || line.period === undefined ? '' : ` ${language.codeWord(line.period)}`}`;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td class="amount">{yuan(line.amountFen)}</td>
      <td class="amount">
        <input
          class="credit-entry"
          name={`credit-${line.lineNo}`}
          inputMode="decimal"
          autocomplete="off"
          placeholder="0.00"
          aria-label={`${words.money.takenBack}: ${name}`}
          value={entry}
          onInput={(event) => change(event.currentTarget.value)}
        />
      </td>
    </tr>
  );
}
