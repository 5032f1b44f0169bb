import type { VNode } from 'preact';
import type { AgreementVersion } from '../../feed/agreement-api.ts';
import { dayAndTime } from '../../format/time.ts';
import { useApp, useWords } from '../app-context.ts';
import { Field } from '../figures.tsx';
import { Person } from '../person.tsx';
import { AgreementActs } from './agreement-acts.tsx';
import { DraftAgreement } from './agreement-draft.tsx';
import { AgreementTermsView } from './agreement-terms.tsx';

/** What a version says, who agreed to it, and what may still be done with it. */
export function AgreementInside({ version, changed }: { version: AgreementVersion; changed: () => void }): VNode {
  const { names, language } = useApp();
  const words = useWords();
  const missing = version.parties.filter((party) => version.approvals.every(({ principalId }) => principalId !== party));
  return (
    <>
      <AgreementTermsView version={version} />
      <dl class="fields terms">
        <Field label={words.agreement.draftedBy}>
          {version.draftedBy === null ? words.agreement.fromFile : <Person id={version.draftedBy} />}
        </Field>
        {(version.draftedBy !== null || version.approvals.length > 0) && (
          <Field label={words.agreement.approvedBy} wide>
            {version.approvals.length === 0 && '—'}
            {version.approvals.map(({ userId, at }) => (
              <div key={userId}>
                <Person id={userId} /> · <span class="figure">{dayAndTime(at)}</span>
              </div>
            ))}
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
