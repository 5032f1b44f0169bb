import type { VNode } from 'preact';
import type { AgreementVersion } from '../../feed/agreement-api.ts';
import { dayAndTime } from '../../format/time.ts';
import { useApp, useWords } from '../app-context.ts';
import { Field } from '../figures.tsx';
import { AgreementActs } from './agreement-acts.tsx';
import { DraftAgreement } from './agreement-draft.tsx';
import { AgreementTermsView } from './agreement-terms.tsx';

/** What a version says, who agreed to it, and what may still be done with it. */
export function AgreementInside({ version, changed }: { version: AgreementVersion; changed: () => void }): VNode {
  const { names, language } = useApp();
  const words = useWords();
  const approved = version.approvals.map(({ userId, at }) => `${userId} · ${dayAndTime(at)}`);
  const missing = version.parties.filter((party) => version.approvals.every(({ principalId }) => principalId !== party));
  return (
    <>
      <AgreementTermsView version={version} />
      <dl class="fields terms">
        <Field label={words.agreement.draftedBy}>{version.draftedBy ?? words.agreement.fromFile}</Field>
        {(version.draftedBy !== null || approved.length > 0) && (
          <Field label={words.agreement.approvedBy} wide>
            {approved.length > 0 ? approved.join(', ') : '—'}
          </Field>
        )}
        {version.state === 'DRAFT' && missing.length > 0 && (
          <Field label={words.agreement.stillToApprove} wide>
            {missing.map((id) => names.nameOf(id, language.chinese)).join(', ')}
          </Field>
        )}
      </dl>
      <AgreementActs version={version} changed={changed} />
      <DraftAgreement kind={version.kind} from={version} drafted={changed} />
      <details class="exact-text">
        <summary>{words.agreement.exactText}</summary>
        <pre>{JSON.stringify(version.definition, null, 2)}</pre>
      </details>
    </>
  );
}
