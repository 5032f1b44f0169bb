import type { SettlementAgreement } from '@corridor/protocols/agreement/settlement-agreement';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { day } from '../../format/time.ts';
import { useApp, useWords } from '../app-context.ts';
import { useAct } from '../use-act.ts';
import { Choice, DayEntry } from './list-tools.tsx';
import { nextVersionId } from './next-version.ts';
import { PartnerRules } from './partner-rules.tsx';

const DAY_MS = 86_400_000;
const PERIODS = ['T0', 'D1', 'W1', 'M1', 'M1_15'] as const satisfies readonly SettlementAgreement['period'][];

/** When a party is settled from a day on; with whom it shares stays as it was, and is changed over the API. */
export function SettlementDraft(props: { from: SettlementAgreement | null; cancel: () => void; drafted: () => void }): VNode {
  const { agreementApi, names, language, clock } = useApp();
  const words = useWords();
  const { from } = props;
  const [principalId, setPrincipal] = useState(from?.principalId ?? names.ids()[0] ?? '');
  const [period, setPeriod] = useState<SettlementAgreement['period']>(from?.period ?? 'D1');
  const [firstDay, setFirstDay] = useState(() => day(clock.nowMs(performance.now()) + DAY_MS));
  const act = useAct();
  const send = async (): Promise<void> => {
    const id = from === null ? `SA-${principalId}-${firstDay}` : nextVersionId(from.id);
    // What the version before agreed on beside these stays as it was.
    const agreement: SettlementAgreement = { ...(from ?? { partners: [] }), id, principalId, effectiveFrom: firstDay, period };
    if (await act.run(() => agreementApi.draft('settlement-agreements', agreement))) props.drafted();
  };
  return (
    <form
      class="act-form wide"
      data-form="draft"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div class="list-head">
        {from === null && (
          <Choice
            name="settled-principal"
            label={words.money.party}
            value={principalId}
            choose={setPrincipal}
            options={names.ids().map((id) => [id, names.nameOf(id, language.chinese)] as const)}
          />
        )}
        <Choice
          name="settled-period"
          label={words.agreement.settled}
          value={period}
          choose={(chosen) => setPeriod(PERIODS.find((one) => one === chosen) ?? period)}
          options={PERIODS.map((one) => [one, words.agreement.period[one]] as const)}
        />
        <DayEntry
          name="settled-from"
          label={words.agreement.beginsOn}
          value={firstDay}
          choose={(chosen) => chosen !== '' && setFirstDay(chosen)}
        />
      </div>
      {from !== null && from.partners.length > 0 && <PartnerRules rules={from.partners} />}
      <div class="act-buttons">
        <button type="submit" class="button primary" data-action="draft" disabled={act.sending}>
          {words.agreement.draft}
        </button>
        <button type="button" class="button" onClick={props.cancel}>
          {words.money.cancel}
        </button>
      </div>
      <p class="alarm-text" role="alert">
        {act.problem}
      </p>
    </form>
  );
}
