import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Dispute } from '../../feed/settlement-api.ts';
import { saveCsv } from '../../format/csv.ts';
import { dayAndTime } from '../../format/time.ts';
import type { Condition } from '../../store/condition.ts';
import { hashOfMoneyTab } from '../../store/money-place.ts';
import { oneOf, openedRows } from '../../store/place-query.ts';
import { useApp, useWords } from '../app-context.ts';
import { Chip, DayTime, Field } from '../figures.tsx';
import { Link } from '../link.tsx';
import { Person } from '../person.tsx';
import { useAct } from '../use-act.ts';
import { openedIn, PagedNotice, usePlace } from '../use-place.tsx';
import { DisputeDecision } from './dispute-decision.tsx';
import { FoldRow, type KeptFold } from './fold-row.tsx';
import { ListTable } from './list-table.tsx';
import { Choice, ListFoot, ListHead } from './list-tools.tsx';
import { usePaged } from './paged.ts';

const STATES = ['OPEN', 'UPHELD', 'DISMISSED', 'WITHDRAWN'];
const CONDITION: Record<Dispute['state'], Condition> = { OPEN: 'wait', UPHELD: 'active', DISMISSED: 'normal', WITHDRAWN: 'normal' };
const FIELDS = { state: oneOf(['', ...STATES], ''), open: openedRows };
const COLUMNS = 3;

/** Objections to bills that concern who is signed in, newest first; each opens to its evidence and to what may be done. */
export function Disputes(): VNode {
  const { settlementApi } = useApp();
  const words = useWords();
  const place = usePlace(FIELDS);
  const { state, open } = place.asked;
  const keptOf = openedIn(place);
  const list = usePaged(state, (cursor) => settlementApi.disputes({ state }, cursor));
  const { items } = list;
  const changed = (): void => {
    // What was done with a row may take it out of what is listed.
    if (state !== '') place.narrow({ open: '' });
    list.refresh();
  };
  return (
    <section class="money-part" data-part="disputes">
      <ListHead refresh={list.refresh} saveCsv={items === null ? null : () => saveCsv('disputes.csv', csvRows(items))}>
        <Choice
          name="state"
          label={words.field.state}
          value={state}
          choose={(chosen) => place.narrow({ state: chosen, open: '' })}
          options={[['', words.money.allStates], ...STATES.map((one) => [one, words.money.disputeState[one] ?? one] as const)]}
        />
      </ListHead>
      <PagedNotice wrong={place.wrong} open={open} list={list} keyOf={keyOf} />
      <ListTable
        list={list}
        columns={[{ word: words.money.order }, { word: words.money.reason }, { word: words.field.state }]}
        row={(dispute) => <DisputeRow key={dispute.id} dispute={dispute} changed={changed} kept={keptOf(dispute.id)} />}
      />
      <ListFoot list={list} none={words.money.noDispute} />
    </section>
  );
}

const keyOf = ({ id }: Dispute): string => id;

function DisputeRow({ dispute, changed, kept }: { dispute: Dispute; changed: () => void; kept: KeptFold }): VNode {
  const { names, language } = useApp();
  const words = useWords();
  return (
    <FoldRow
      name="dispute"
      kept={kept}
      id={dispute.id}
      head={<DayTime at={dispute.raisedAt} />}
      below={dispute.chargeId ?? dispute.orderId}
      columns={COLUMNS}
      cells={
        <>
          <td class="wrap">
            {dispute.reason}
            <small class="under">{names.nameOf(dispute.principalId, language.chinese)}</small>
          </td>
          <td>
            <Chip condition={CONDITION[dispute.state]}>{words.money.disputeState[dispute.state] ?? dispute.state}</Chip>
          </td>
        </>
      }
      inside={() => <DisputeInside dispute={dispute} changed={changed} />}
    />
  );
}

function DisputeInside({ dispute, changed }: { dispute: Dispute; changed: () => void }): VNode {
  const { session } = useApp();
  const words = useWords();
  const isPlatform = session.person?.roles.includes('PLATFORM_OPERATOR') === true;
  const isAuthor = session.person?.userId === dispute.raisedBy;
  const isOwn = isAuthor || session.person?.principalId === dispute.principalId;
  return (
    <>
      <dl class="fields terms">
        <Field label={words.money.raisedBy}>
          <Person id={dispute.raisedBy} />
        </Field>
        {dispute.decidedBy !== null && (
          <Field label={words.money.decidedBy}>
            <Person id={dispute.decidedBy} />
          </Field>
        )}
        {dispute.decidedAt !== null && (
          <Field label={words.money.decidedAt}>
            <DayTime at={dispute.decidedAt} />
          </Field>
        )}
      </dl>
      {dispute.decision !== null && dispute.state !== 'WITHDRAWN' && <p class="prose">{dispute.decision}</p>}
      <ul class="evidence">
        {dispute.evidence.map((piece) => (
          <li key={`${piece.at}/${piece.text}`}>
            <small class="figure">
              {dayAndTime(piece.at)} · <Person id={piece.by} />
            </small>
            {piece.text}
          </li>
        ))}
      </ul>
      {dispute.state === 'OPEN' && <EvidenceEntry dispute={dispute} isOwn={isOwn} changed={changed} />}
      {dispute.state === 'OPEN' && isPlatform && isAuthor && <p class="prose">{words.money.disputeOfOwn}</p>}
      {dispute.state === 'OPEN' && isPlatform && !isAuthor && <DisputeDecision dispute={dispute} changed={changed} />}
      {dispute.chargeId === null ? (
        <Link kind="order" id={dispute.orderId}>
          {words.money.openOrder}
        </Link>
      ) : (
        <a class="link" href={hashOfMoneyTab('charges', dispute.chargeId)}>
          {words.charge.openCharge}
        </a>
      )}
    </>
  );
}

function EvidenceEntry({ dispute, isOwn, changed }: { dispute: Dispute; isOwn: boolean; changed: () => void }): VNode {
  const { settlementApi } = useApp();
  const words = useWords();
  const [text, setText] = useState('');
  const act = useAct();
  const send = async (): Promise<void> => {
    if (!(await act.run(() => settlementApi.addEvidence(dispute.id, text.trim())))) return;
    setText('');
    changed();
  };
  return (
    <form
      class="act-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label class="entry">
        <span>{words.money.evidence}</span>
        <textarea name="evidence" rows={2} maxLength={2000} value={text} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <div class="act-buttons">
        <button type="submit" class="button" data-action="add-evidence" disabled={act.sending || text.trim() === ''}>
          {words.money.addEvidence}
        </button>
        {isOwn && (
          <button
            type="button"
            class="button"
            data-action="withdraw-dispute"
            disabled={act.sending}
            onClick={() => void act.run(() => settlementApi.withdrawDispute(dispute.id)).then((done) => done && changed())}
          >
            {words.money.withdraw}
          </button>
        )}
      </div>
      <p class="alarm-text" role="alert">
        {act.problem}
      </p>
    </form>
  );
}

function csvRows(items: readonly Dispute[]): string[][] {
  return [
    ['dispute', 'order', 'charge', 'party', 'raised_asia_shanghai', 'state', 'reason', 'decision'],
    ...items.map((each) => [
      each.id,
      each.orderId ?? '',
      each.chargeId ?? '',
      each.principalId,
      dayAndTime(each.raisedAt),
      each.state,
      each.reason,
      each.decision ?? '',
    ]),
  ];
}
