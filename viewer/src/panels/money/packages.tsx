import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { CarrierPackage, PackageOffer } from '../../feed/charge-api.ts';
import { newRequestKey } from '../../feed/request-key.ts';
import { saveCsv, yuanCell } from '../../format/csv.ts';
import { yuan } from '../../format/money.ts';
import { figure } from '../../format/quantity.ts';
import { dayAndTime } from '../../format/time.ts';
import type { Dictionary } from '../../i18n/en.ts';
import { useApp, useWords } from '../app-context.ts';
import { useFetched } from '../fetched.ts';
import { DayTime } from '../figures.tsx';
import { NotFetched } from '../not-fetched.tsx';
import { useAct } from '../use-act.ts';
import { TableHead } from './data-table.tsx';
import { ListHead } from './list-tools.tsx';

const WH_PER_KWH = 1_000;
const DAY_MS = 86_400_000;
/** From here on it is said in how many days a package is over. */
const SOON_DAYS = 30;

/** Prepaid packages: what is offered, what was bought, and what is left of it and for how long. */
export function Packages(): VNode {
  const { chargeApi } = useApp();
  const words = useWords();
  const { value, state, retry } = useFetched('packages', () => chargeApi.packages());
  if (value === null) return <NotFetched state={state} retry={retry} tall />;
  return (
    <>
      <section class="money-part" data-part="offers">
        <h2>{words.charge.offers}</h2>
        {value.offers.length === 0 && <p class="nothing">{words.charge.noOffers}</p>}
        <ul class="offers">
          {value.offers.map((offer) => (
            <li key={`${offer.carrierId}/${offer.id}`}>
              <OfferCard offer={offer} bought={retry} />
            </li>
          ))}
        </ul>
      </section>
      <section class="money-part" data-part="packages">
        <h2>{words.charge.bought}</h2>
        <ListHead refresh={retry} saveCsv={() => saveCsv('packages.csv', csvRows(value.items))}>
          {null}
        </ListHead>
        {value.items.length === 0 ? (
          <p class="nothing">{words.charge.noPackages}</p>
        ) : (
          <table class="money-table">
            <TableHead
              columns={[
                { word: words.charge.offer },
                { word: words.money.carrier, look: 'aside' },
                { word: words.agreement.issuer, look: 'aside' },
                { word: words.charge.expires },
                { word: words.charge.remaining, look: 'amount' },
                { word: words.charge.money, look: 'amount aside' },
              ]}
            />
            <tbody>
              {value.items.map((bought) => (
                <PackageRow
                  key={`${bought.carrierId}/${bought.id}`}
                  bought={bought}
                  offer={value.offers.find(({ id, carrierId }) => id === bought.offerId && carrierId === bought.carrierId)}
                />
              ))}
            </tbody>
          </table>
        )}
      </section>
    </>
  );
}

/** A quantity of a package as one reads it; text of digits, because it may be more than a number holds exactly. */
function quantityText(quantity: string | number, unit: 'Wh' | 'swap', words: Dictionary): string {
  const value = Number(quantity);
  return unit === 'Wh' ? `${figure(value / WH_PER_KWH)} kWh` : words.charge.swaps(figure(value), value === 1);
}

/** What one kWh or one swap costs in it, in fen rounded for reading. */
function unitPriceText({ priceFen, quantity, unit }: PackageOffer, words: Dictionary): string {
  const units = unit === 'Wh' ? quantity / WH_PER_KWH : quantity;
  return `${yuan(Math.round(Number(priceFen) / units).toString())} ${words.charge.perUnit[unit]}`;
}

function OfferCard({ offer, bought }: { offer: PackageOffer; bought: () => void }): VNode {
  const { chargeApi, session, names, language } = useApp();
  const words = useWords();
  // Its key names the package: the same request sent again buys nothing more.
  const [key, setKey] = useState<string | null>(null);
  const [isDone, setDone] = useState(false);
  const act = useAct();
  const nameOf = (id: string): string => names.nameOf(id, language.chinese);
  const isOwn = session.person?.principalId === offer.carrierId;
  const isBuyer = isOwn || session.person?.roles.includes('PLATFORM_OPERATOR') === true;
  const buy = async (asked: string): Promise<void> => {
    if (!(await act.run(() => chargeApi.buy({ carrierId: offer.carrierId, offerId: offer.id, key: asked })))) return;
    setKey(null);
    setDone(true);
    bought();
  };
  return (
    <div class="offer" data-offer={offer.id}>
      <b>{offer.name}</b>
      <span class="offer-price figure">{yuan(offer.priceFen)}</span>
      <small class="figure">
        {unitPriceText(offer, words)} · {words.charge.validDays(figure(offer.validDays))}
      </small>
      <small>{isOwn ? nameOf(offer.issuerId) : `${nameOf(offer.issuerId)} → ${nameOf(offer.carrierId)}`}</small>
      {isBuyer && key === null && (
        <div class="act-buttons">
          <button type="button" class="button" data-action="buy" onClick={() => setKey(newRequestKey())}>
            {words.charge.buy}
          </button>
        </div>
      )}
      {key !== null && (
        <div class="act-buttons">
          <button type="button" class="button primary" data-action="buy-now" disabled={act.sending} onClick={() => void buy(key)}>
            {words.charge.buyNow(yuan(offer.priceFen))}
          </button>
          <button type="button" class="button" onClick={() => setKey(null)}>
            {words.money.cancel}
          </button>
        </div>
      )}
      {isDone && key === null && <p role="status">{words.charge.done}</p>}
      <p class="alarm-text" role="alert">
        {act.problem}
      </p>
    </div>
  );
}

function PackageRow({ bought, offer }: { bought: CarrierPackage; offer: PackageOffer | undefined }): VNode {
  const { names, language, clock } = useApp();
  const words = useWords();
  const { unit } = bought;
  const leftDays = (Date.parse(bought.expiresAt) - clock.nowMs(performance.now())) / DAY_MS;
  return (
    <tr data-package={bought.id}>
      <td class="wrap">
        {offer?.name ?? bought.offerId}
        <small class="under figure">{bought.id}</small>
      </td>
      <td class="aside">{names.nameOf(bought.carrierId, language.chinese)}</td>
      <td class="aside">{names.nameOf(bought.issuerId, language.chinese)}</td>
      <td class="wrap">
        <DayTime at={bought.expiresAt} />
        {leftDays <= SOON_DAYS && (
          <small class="under">{leftDays > 0 ? words.charge.soon(figure(Math.ceil(leftDays))) : words.charge.over}</small>
        )}
      </td>
      <td class="amount">
        {quantityText(bought.quantity, unit, words)}
        {offer !== undefined && (
          <meter
            class="package-left"
            min={0}
            max={Math.max(offer.quantity, Number(bought.quantity))}
            value={Number(bought.quantity)}
            aria-label={words.charge.remaining}
          />
        )}
        {bought.granted !== '0' && <small class="under">{words.charge.granted(quantityText(bought.granted, unit, words))}</small>}
      </td>
      <td class="amount aside">{yuan(bought.amountFen)}</td>
    </tr>
  );
}

function csvRows(items: readonly CarrierPackage[]): string[][] {
  return [
    ['package', 'offer', 'carrier', 'issuer', 'unit', 'left', 'granted', 'expires_asia_shanghai', 'amount_yuan'],
    ...items.map((each) => [
      each.id,
      each.offerId,
      each.carrierId,
      each.issuerId,
      each.unit,
      each.quantity,
      each.granted,
      dayAndTime(each.expiresAt),
      yuanCell(each.amountFen),
    ]),
  ];
}
