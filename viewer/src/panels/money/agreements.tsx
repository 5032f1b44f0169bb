import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { AGREEMENT_KINDS, type AgreementKind, type AgreementVersion } from '../../feed/agreement-api.ts';
import { saveCsv } from '../../format/csv.ts';
import { dayAndTime } from '../../format/time.ts';
import type { Condition } from '../../store/condition.ts';
import { useApp, useWords } from '../app-context.ts';
import { Chip, Field } from '../figures.tsx';
import { AgreementActs } from './agreement-acts.tsx';
import { DraftAgreement } from './agreement-draft.tsx';
import { subjectOf } from './agreement-subject.ts';
import { AgreementTermsView } from './agreement-terms.tsx';
import { FoldRow } from './fold-row.tsx';
import { ListTable } from './list-table.tsx';
import { Choice, ListFoot, ListHead } from './list-tools.tsx';
import { usePaged } from './paged.ts';

const CONDITION: Record<AgreementVersion['state'], Condition> = { DRAFT: 'wait', APPROVED: 'active', ENDED: 'normal', WITHDRAWN: 'normal' };
const COLUMNS = 4;

/** What the parties agreed: every version of each agreement that one may see, what it says, and who has to approve it. */
export function Agreements(): VNode {
  const roles = useApp().session.person?.roles ?? [];
  const [kind, setKind] = useState<AgreementKind>(() => firstKindOf(roles));
  return <AgreementsOfKind key={kind} kind={kind} choose={setKind} />;
}

/** What a role's own agreements are comes first. */
function firstKindOf(roles: readonly string[]): AgreementKind {
  if (roles.includes('STATION_OPERATOR')) return 'station-rates';
  return roles.includes('BATTERY_OWNER') ? 'battery-rates' : 'contracts';
}

function AgreementsOfKind({ kind, choose }: { kind: AgreementKind; choose: (kind: AgreementKind) => void }): VNode {
  const { agreementApi, session } = useApp();
  const words = useWords();
  const isPlatform = session.person?.roles.includes('PLATFORM_OPERATOR') === true;
  const platformId = isPlatform ? (session.person?.principalId ?? null) : null;
  const list = usePaged(kind, (cursor) => agreementApi.list(kind, cursor, platformId));
  const { items } = list;
  const kinds = AGREEMENT_KINDS.map((one) => [one, words.agreement.kind[one]] as const);
  return (
    <section class="money-part" data-part="agreements">
      <ListHead refresh={list.refresh} saveCsv={items === null ? null : () => saveCsv(`${kind}.csv`, csvRows(items))}>
        <Choice
          name="agreement-kind"
          label={words.agreement.what}
          value={kind}
          choose={(chosen) => choose(AGREEMENT_KINDS.find((one) => one === chosen) ?? kind)}
          options={kinds}
        />
      </ListHead>
      <ListTable
        list={list}
        columns={[
          { word: words.agreement.version },
          { word: words.agreement.subject },
          { word: words.agreement.beginsOn, look: 'aside' },
          { word: words.field.state },
        ]}
        row={(version) => <AgreementRow key={version.id} version={version} changed={list.refresh} />}
      />
      <ListFoot list={list} none={words.agreement.none} />
      {isPlatform && <DraftAgreement kind={kind} from={null} drafted={list.refresh} />}
    </section>
  );
}

function AgreementRow({ version, changed }: { version: AgreementVersion; changed: () => void }): VNode {
  const { names, language } = useApp();
  const words = useWords();
  return (
    <FoldRow
      name="agreement"
      id={version.id}
      head={version.id}
      below={`${words.agreement.drafted} ${dayAndTime(version.draftedAt)}`}
      columns={COLUMNS}
      cells={
        <>
          <td class="wrap">{subjectOf(version, (id) => names.nameOf(id, language.chinese), words.agreement.gridRegion)}</td>
          <td class="aside figure">{version.beginsOn ?? words.agreement.fromApproval}</td>
          <td>
            <Chip condition={CONDITION[version.state]}>{words.agreement.state[version.state]}</Chip>
          </td>
        </>
      }
      inside={() => <AgreementInside version={version} changed={changed} />}
    />
  );
}

function AgreementInside({ version, changed }: { version: AgreementVersion; changed: () => void }): VNode {
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

function csvRows(items: readonly AgreementVersion[]): string[][] {
  return [
    ['version', 'kind', 'state', 'begins_on', 'drafted_by', 'drafted_asia_shanghai', 'approved_by', 'definition'],
    ...items.map((version) => [
      version.id,
      version.kind,
      version.state,
      version.beginsOn ?? '',
      version.draftedBy ?? '',
      dayAndTime(version.draftedAt),
      version.approvals.map(({ userId }) => userId).join(' '),
      JSON.stringify(version.definition),
    ]),
  ];
}
