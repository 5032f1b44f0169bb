import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { AGREEMENT_KINDS, type AgreementKind, type AgreementVersion } from '../../feed/agreement-api.ts';
import { saveCsv } from '../../format/csv.ts';
import { dayAndTime } from '../../format/time.ts';
import type { Condition } from '../../store/condition.ts';
import { oneOf, openedRows } from '../../store/place-query.ts';
import { useApp, useWords } from '../app-context.ts';
import { Chip } from '../figures.tsx';
import { openedIn, PagedNotice, type Place, usePlace } from '../use-place.tsx';
import { DraftAgreement } from './agreement-draft.tsx';
import { AgreementInside } from './agreement-inside.tsx';
import { subjectOf } from './agreement-subject.ts';
import { FoldRow, type KeptFold } from './fold-row.tsx';
import { ListTable } from './list-table.tsx';
import { Choice, ListFoot, ListHead } from './list-tools.tsx';
import { usePaged } from './paged.ts';
import { WaitingApprovals } from './waiting-approvals.tsx';

const CONDITION: Record<AgreementVersion['state'], Condition> = { DRAFT: 'wait', APPROVED: 'active', ENDED: 'normal', WITHDRAWN: 'normal' };
const COLUMNS = 4;

/** What the parties agreed: every version of each agreement that one may see, what it says, and who has to approve it. */
export function Agreements(): VNode {
  const roles = useApp().session.person?.roles ?? [];
  const place = usePlace({ kind: oneOf(AGREEMENT_KINDS, firstKindOf(roles)), open: openedRows });
  const kind = AGREEMENT_KINDS.find((one) => one === place.asked.kind) ?? firstKindOf(roles);
  const [approved, setApproved] = useState(0);
  return (
    <>
      <WaitingApprovals at="agreements" changed={() => setApproved(approved + 1)} />
      <AgreementsOfKind key={kind} kind={kind} place={place} approved={approved} />
    </>
  );
}

/** What a role's own agreements are comes first. */
function firstKindOf(roles: readonly string[]): AgreementKind {
  if (roles.includes('STATION_OPERATOR')) return 'station-rates';
  return roles.includes('BATTERY_OWNER') ? 'battery-rates' : 'contracts';
}

function AgreementsOfKind(props: {
  kind: AgreementKind;
  place: Place<'kind' | 'open'>;
  /** How many were approved beside this list. */
  approved: number;
}): VNode {
  const { kind, place, approved } = props;
  const keptOf = openedIn(place);
  const { agreementApi, session } = useApp();
  const words = useWords();
  const isPlatform = session.person?.roles.includes('PLATFORM_OPERATOR') === true;
  const list = usePaged(`${kind}/${approved}`, (cursor) => agreementApi.list(kind, cursor));
  const { items } = list;
  const kinds = AGREEMENT_KINDS.map((one) => [one, words.agreement.kind[one]] as const);
  return (
    <section class="money-part" data-part="agreements">
      <ListHead refresh={list.refresh} saveCsv={items === null ? null : () => saveCsv(`${kind}.csv`, csvRows(items))}>
        <Choice
          name="agreement-kind"
          label={words.agreement.what}
          value={kind}
          choose={(chosen) => place.narrow({ kind: chosen, open: '' })}
          options={kinds}
        />
      </ListHead>
      <PagedNotice wrong={place.wrong} open={place.asked.open} list={list} keyOf={keyOf} />
      <ListTable
        list={list}
        columns={[
          { word: words.agreement.version },
          { word: words.agreement.subject },
          { word: words.agreement.beginsOn, look: 'aside' },
          { word: words.field.state },
        ]}
        row={(version) => <AgreementRow key={version.id} version={version} changed={list.refresh} kept={keptOf(version.id)} />}
      />
      <ListFoot list={list} none={words.agreement.none} />
      {isPlatform && <DraftAgreement kind={kind} from={null} drafted={list.refresh} />}
    </section>
  );
}

const keyOf = ({ id }: AgreementVersion): string => id;

function AgreementRow({ version, changed, kept }: { version: AgreementVersion; changed: () => void; kept: KeptFold }): VNode {
  const { names, language } = useApp();
  const words = useWords();
  return (
    <FoldRow
      name="agreement"
      kept={kept}
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
