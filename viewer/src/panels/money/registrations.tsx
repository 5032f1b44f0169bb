import { FilePlus2 } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { type PartyRegistration, REGISTERED_KINDS, REGISTRATION_STATES, type RegisteredKind } from '../../feed/registration-api.ts';
import { saveCsv } from '../../format/csv.ts';
import { dayAndTime } from '../../format/time.ts';
import { oneOf, openedRows } from '../../store/place-query.ts';
import { useApp, useWords } from '../app-context.ts';
import { Chip, DayTime } from '../figures.tsx';
import { Icon } from '../icon.tsx';
import { openedIn, PagedNotice, usePlace } from '../use-place.tsx';
import { FoldRow, type KeptFold } from './fold-row.tsx';
import { ListTable } from './list-table.tsx';
import { Choice, ListFoot, ListHead } from './list-tools.tsx';
import { OwnershipOffers } from './ownership-offers.tsx';
import { usePaged } from './paged.ts';
import { RegistrationForm } from './registration-form.tsx';
import { RegistrationInside } from './registration-inside.tsx';
import { WithoutPapers } from './without-papers.tsx';

const STATES = ['', ...REGISTRATION_STATES];
const FIELDS = { state: oneOf(STATES, ''), kind: oneOf(['', ...REGISTERED_KINDS], ''), open: openedRows };
/** It begins with what waits for it. */
const FIELDS_OF_PLATFORM = { ...FIELDS, state: oneOf(STATES, 'APPLIED') };
const COLUMNS = 4;
/** What each role applies for; the platform for everything, and alone for companies. */
const KINDS_OF: Readonly<Record<string, readonly RegisteredKind[]>> = {
  PLATFORM_OPERATOR: REGISTERED_KINDS,
  STATION_OPERATOR: ['STATION'],
  BATTERY_OWNER: ['PACK'],
  CARRIER: ['TRUCK', 'DRIVER'],
};

/** Who and what takes part, or asks to; and what is to change hands. */
export function Registrations(): VNode {
  const { registrationApi, session } = useApp();
  const words = useWords();
  const roles = session.person?.roles ?? [];
  const isPlatform = roles.includes('PLATFORM_OPERATOR');
  const place = usePlace(isPlatform ? FIELDS_OF_PLATFORM : FIELDS);
  const { state, kind, open } = place.asked;
  const keptOf = openedIn(place);
  const list = usePaged(`registrations/${kind}/${state}`, (cursor) => registrationApi.list({ kind, state }, cursor));
  const { items } = list;
  const changed = (): void => {
    // What was done with a row may take it out of what is listed.
    if (state !== '') place.narrow({ open: '' });
    list.refresh();
  };
  const kinds = roles.flatMap((role) => KINDS_OF[role] ?? []);
  return (
    <>
      <section class="money-part" data-part="registrations">
        <ListHead refresh={list.refresh} saveCsv={items === null ? null : () => saveCsv('registrations.csv', csvRows(items))}>
          <Choice
            name="registration-state"
            label={words.field.state}
            value={state}
            choose={(chosen) => place.narrow({ state: chosen, open: '' })}
            options={[
              ['', words.money.allStates],
              ...REGISTRATION_STATES.map((one) => [one, words.registration.state[one] ?? one] as const),
            ]}
          />
          <Choice
            name="registration-kind"
            label={words.money.type}
            value={kind}
            choose={(chosen) => place.narrow({ kind: chosen, open: '' })}
            options={[['', words.money.allKinds], ...REGISTERED_KINDS.map((one) => [one, words.registration.kind[one]] as const)]}
          />
        </ListHead>
        <PagedNotice wrong={place.wrong} open={open} list={list} keyOf={keyOf} />
        <ListTable
          list={list}
          columns={[
            { word: words.money.type },
            { word: words.field.state },
            { word: words.money.party, look: 'aside' },
            { word: words.registration.changed, look: 'aside' },
          ]}
          row={(one) => <RegistrationRow key={keyOf(one)} registration={one} changed={changed} kept={keptOf(keyOf(one))} />}
        />
        <ListFoot list={list} none={state === 'APPLIED' ? words.registration.noneWaits : words.money.none} />
        {kinds.length > 0 && <NewRegistration kinds={kinds} sent={list.refresh} />}
      </section>
      <OwnershipOffers />
      {isPlatform && <WithoutPapers changed={list.refresh} />}
    </>
  );
}

const keyOf = ({ kind, id }: PartyRegistration): string => `${kind}/${id}`;

function RegistrationRow(props: { registration: PartyRegistration; changed: () => void; kept: KeptFold }): VNode {
  const { registration, changed, kept } = props;
  const { names, language } = useApp();
  const words = useWords();
  const { kind, id, state, principalId, changedAt, reason } = registration;
  return (
    <FoldRow
      name="registration"
      id={keyOf(registration)}
      kept={kept}
      head={words.registration.kind[kind]}
      below={id}
      columns={COLUMNS}
      cells={
        <>
          <td class="wrap">
            <Chip condition={state === 'APPLIED' || state === 'CERTIFIED' || state === 'SUSPENDED' ? 'wait' : 'normal'}>
              {words.registration.state[state] ?? state}
            </Chip>
            {reason !== null && <small class="under">{words.registration.reason[reason] ?? reason}</small>}
          </td>
          <td class="aside wrap">{names.nameOf(principalId, language.chinese)}</td>
          <td class="aside">
            <DayTime at={changedAt} />
          </td>
        </>
      }
      inside={() => <RegistrationInside registration={registration} changed={changed} />}
    />
  );
}

function NewRegistration({ kinds, sent }: { kinds: readonly RegisteredKind[]; sent: () => void }): VNode {
  const words = useWords();
  const [kind, setKind] = useState<RegisteredKind | null>(null);
  if (kind === null)
    return (
      <div class="act-buttons">
        {kinds.map((one) => (
          <button key={one} type="button" class="button" data-apply={one} onClick={() => setKind(one)}>
            <Icon node={FilePlus2} size={14} />
            {words.registration.applyFor[one]}
          </button>
        ))}
      </div>
    );
  const close = (): void => setKind(null);
  return (
    <RegistrationForm
      kind={kind}
      from={null}
      cancel={close}
      sent={() => {
        close();
        sent();
      }}
    />
  );
}

function csvRows(items: readonly PartyRegistration[]): string[][] {
  return [
    ['kind', 'id', 'state', 'principal', 'reason', 'applied_by', 'applied_asia_shanghai', 'changed_asia_shanghai'],
    ...items.map((one) => [
      one.kind,
      one.id,
      one.state,
      one.principalId,
      one.reason ?? '',
      one.appliedBy,
      dayAndTime(one.appliedAt),
      dayAndTime(one.changedAt),
    ]),
  ];
}
