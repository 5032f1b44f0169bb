import type { VNode } from 'preact';
import type { Account } from '../../feed/money-api.ts';
import { yuan } from '../../format/money.ts';
import type { PastPlayer } from '../../past/past-player.ts';
import { anyText } from '../../store/place-query.ts';
import { useApp, useWords } from '../app-context.ts';
import { useFetched } from '../fetched.ts';
import { DayTime } from '../figures.tsx';
import { Link } from '../link.tsx';
import { NotFetched } from '../not-fetched.tsx';
import { PlaceNotice, usePlace } from '../use-place.tsx';
import { DataTable } from './data-table.tsx';
import { Choice } from './list-tools.tsx';
import { Movements, movementFields } from './movements.tsx';

/** Balances are asked for again this often while one looks at them. */
const REFRESH_S = 15;
/** What one may spend comes first, then what is tied up. */
const KINDS = ['PREPAID', 'HELD', 'DEPOSIT', 'PACKAGE', 'INCOME', 'CLEARING', 'RAIL'];
const RAILS = '';
/** As the address names them. */
const RAILS_NAME = 'rails';

/** Accounts of one principal with their balances, and the movements of the one that is chosen. */
export function Accounts(): VNode {
  const { moneyApi, session, second, names, language, topUp, past } = useApp();
  const words = useWords();
  const player = past.value;
  const turn = `${Math.floor(second.value / REFRESH_S)}/${topUp.value?.state ?? ''}`;
  const { value: now, state, retry } = useFetched(player === null ? 'accounts' : null, () => moneyApi.accounts(), turn);
  // Those of an instant came with its scene.
  const value = player === null ? now : (player.books.value?.accounts ?? null);
  const place = usePlace({ owner: anyText, account: anyText, ...movementFields(Object.keys(words.money.movementKind)) });
  const { asked } = place;
  if (value === null) return <NotFetched state={state} retry={retry} tall />;
  const owners = [...new Set(value.map(ownerOf))];
  const own = session.person?.principalId ?? null;
  const askedOwner = owners.find((id) => nameOfOwner(id) === asked.owner);
  const owner = askedOwner ?? owners.find((id) => id === own) ?? owners[0];
  const accounts = value.filter((account) => ownerOf(account) === owner).sort(byKind);
  const chosen = accounts.find(({ id }) => id === asked.account) ?? accounts[0];
  if (chosen === undefined) return <p class="nothing">{words.money.noAccounts}</p>;
  const wrong = [
    ...place.wrong,
    ...(asked.owner !== '' && askedOwner === undefined ? [`owner=${asked.owner}`] : []),
    ...(asked.account !== '' && chosen.id !== asked.account ? [`account=${asked.account}`] : []),
  ];
  return (
    <>
      <PlaceNotice wrong={wrong} />
      {owners.length > 1 && (
        <Choice
          name="owner"
          label={words.money.whose}
          value={owner ?? ''}
          choose={(id) => place.narrow({ owner: nameOfOwner(id), account: '' })}
          options={owners.map((id) => [id, id === RAILS ? words.money.rails : names.nameOf(id, language.chinese)] as const)}
        />
      )}
      <ul class="accounts">
        {accounts.map((account) => (
          <li key={account.id}>
            <AccountCard account={account} chosen={account === chosen} choose={() => place.narrow({ account: account.id })} />
          </li>
        ))}
      </ul>
      {chosen.principalId !== null && (
        <p class="prose">
          <Link kind="actor" id={`account:${chosen.principalId}`}>
            {words.chart.machine['account']} {chosen.principalId}: {words.section.chart}
          </Link>
        </p>
      )}
      {player !== null && <HoldsThen player={player} owner={owner ?? RAILS} />}
      <Movements key={chosen.id} account={chosen} place={place} />
    </>
  );
}

const nameOfOwner = (id: string): string => (id === RAILS ? RAILS_NAME : id);

/** What was held of the owner's money at the instant that is shown, order by order. */
function HoldsThen({ player, owner }: { player: PastPlayer; owner: string }): VNode {
  const words = useWords();
  const holds = (player.books.value?.holds ?? []).filter(({ principalId }) => principalId === owner);
  return (
    <section class="money-part" data-part="holds">
      <h2>{words.past.holds}</h2>
      <DataTable
        columns={[{ word: words.money.order }, { word: words.past.since }, { word: words.money.amount, look: 'amount' }]}
        rows={holds.map(({ orderId, since, heldFen }) => ({
          key: orderId,
          cells: [<Link key="order" kind="order" id={orderId} />, <DayTime key="since" at={since} />, yuan(heldFen)],
        }))}
      />
      {holds.length === 0 && <p class="nothing">{words.past.noHolds}</p>}
    </section>
  );
}

const ownerOf = (account: Account): string => account.principalId ?? RAILS;
const byKind = (a: Account, b: Account): number => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || a.id.localeCompare(b.id);

function AccountCard({ account, chosen, choose }: { account: Account; chosen: boolean; choose: () => void }): VNode {
  const words = useWords();
  return (
    <button type="button" class="account" data-account={account.id} aria-pressed={chosen} onClick={choose}>
      <span>{words.money.accountKind[account.kind] ?? account.kind}</span>
      <b class="figure">{yuan(account.balanceFen)}</b>
      <small>{account.id}</small>
    </button>
  );
}
