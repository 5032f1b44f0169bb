import { Check, Handshake, X } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { OFFERED_KINDS, type OfferedKind, type OwnershipOffer } from '../../feed/registration-api.ts';
import { useApp, useWords } from '../app-context.ts';
import { Chip, DayTime } from '../figures.tsx';
import { Icon } from '../icon.tsx';
import { Link } from '../link.tsx';
import { useAct } from '../use-act.ts';
import { ListTable } from './list-table.tsx';
import { Choice, ListFoot } from './list-tools.tsx';
import { usePaged } from './paged.ts';

const LINK_KIND = { STATION: 'station', PACK: 'pack', TRUCK: 'truck' } as const;

/** What is offered to change hands, by whom and to whom; offered by the owner, taken by the buyer. */
export function OwnershipOffers(): VNode {
  const { registrationApi } = useApp();
  const words = useWords();
  const list = usePaged('ownership-offers', (cursor) => registrationApi.offers(cursor));
  return (
    <section class="money-part" data-part="ownership-offers">
      <h2>{words.registration.offers}</h2>
      <ListTable
        list={list}
        columns={[{ word: words.approval.what }, { word: words.registration.fromTo }, { word: words.field.state }, { word: '' }]}
        row={(offer) => <OfferRow key={offer.id} offer={offer} changed={list.refresh} />}
      />
      <ListFoot list={list} none={words.registration.noOffers} />
      <NewOffer sent={list.refresh} />
    </section>
  );
}

function OfferRow({ offer, changed }: { offer: OwnershipOffer; changed: () => void }): VNode {
  const { registrationApi, session, names, language } = useApp();
  const words = useWords();
  const act = useAct();
  const { id, kind, assetId, fromPrincipalId, toPrincipalId, state, offeredAt } = offer;
  const own = session.person?.principalId ?? null;
  const isPlatform = session.person?.roles.includes('PLATFORM_OPERATOR') === true;
  const isBuyer = own === toPrincipalId;
  const end = (verb: 'accept' | 'withdraw'): void =>
    void act.run(() => registrationApi.endOffer(id, verb)).then((isDone) => isDone && changed());
  return (
    <tr data-offer={id}>
      <td class="wrap">
        {words.approval.offered[kind]} <Link kind={LINK_KIND[kind]} id={assetId} />
        <small class="under">
          <DayTime at={offeredAt} />
        </small>
      </td>
      <td class="wrap">
        {names.nameOf(fromPrincipalId, language.chinese)} → {names.nameOf(toPrincipalId, language.chinese)}
      </td>
      <td>
        <Chip condition={state === 'OPEN' ? 'wait' : 'normal'}>{words.registration.offerState[state]}</Chip>
      </td>
      <td class="wrap">
        {state === 'OPEN' && (
          <div class="act-buttons">
            {(isBuyer || isPlatform) && (
              <button type="button" class="button" data-action="accept-offer" disabled={act.sending} onClick={() => end('accept')}>
                <Icon node={Check} size={14} />
                {words.approval.accept}
              </button>
            )}
            <button type="button" class="button" data-action="end-offer" disabled={act.sending} onClick={() => end('withdraw')}>
              <Icon node={X} size={14} />
              {isBuyer ? words.approval.decline : words.registration.takeBack}
            </button>
          </div>
        )}
        <p class="alarm-text" role="alert">
          {act.problem}
        </p>
      </td>
    </tr>
  );
}

function NewOffer({ sent }: { sent: () => void }): VNode {
  const { registrationApi, names, language, session } = useApp();
  const words = useWords();
  const others = names.ids().filter((id) => id !== session.person?.principalId);
  const [kind, setKind] = useState<OfferedKind>('PACK');
  const [id, setId] = useState('');
  const [toPrincipalId, setTo] = useState(others[0] ?? '');
  const act = useAct();
  const send = async (): Promise<void> => {
    if (id.trim() === '') return act.object(words.registration.idMissing);
    // Names come after the page; whoever stands first in the list is meant until another is chosen.
    const to = toPrincipalId === '' ? (others[0] ?? '') : toPrincipalId;
    if (!(await act.run(() => registrationApi.offer({ kind, id: id.trim(), toPrincipalId: to })))) return;
    setId('');
    sent();
  };
  return (
    <form
      noValidate
      data-form="offer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div class="list-head">
        <Choice
          name="offer-kind"
          label={words.money.type}
          value={kind}
          choose={(value) => setKind(OFFERED_KINDS.find((one) => one === value) ?? kind)}
          options={OFFERED_KINDS.map((one) => [one, words.approval.offered[one]] as const)}
        />
        <label class="entry">
          <span>{words.field.id}</span>
          <input name="offer-id" autocomplete="off" maxLength={64} value={id} onInput={(event) => setId(event.currentTarget.value)} />
        </label>
        <Choice
          name="offer-to"
          label={words.registration.to}
          value={toPrincipalId}
          choose={setTo}
          options={others.map((one) => [one, names.nameOf(one, language.chinese)] as const)}
        />
        <button type="submit" class="button" data-action="offer" disabled={act.sending}>
          <Icon node={Handshake} size={14} />
          {words.registration.offer}
        </button>
      </div>
      <p class="alarm-text" role="alert">
        {act.problem}
      </p>
    </form>
  );
}
