import type { SettlementAgreement } from '@corridor/protocols/agreement/settlement-agreement';
import type { BatteryRate, Contract, StationRate } from '@corridor/protocols/network-file';
import type { ComponentChildren, VNode } from 'preact';
import type { AgreementTerms } from '../../feed/agreement-api.ts';
import { unitPrice, yuan } from '../../format/money.ts';
import { figure, percentText } from '../../format/quantity.ts';
import { useApp, useWords } from '../app-context.ts';
import { Field } from '../figures.tsx';
import { PartnerRules } from './partner-rules.tsx';
import { TariffTerms } from './tariff-terms.tsx';

const WH_PER_KWH = 1_000;

/** What is agreed, in words; what no field says is in the text of the version, which is shown under it. */
export function AgreementTermsView({ version }: { version: AgreementTerms }): VNode {
  switch (version.kind) {
    case 'contracts':
      return <ContractTerms contract={version.definition} />;
    case 'settlement-agreements':
      return <SettlementTerms agreement={version.definition} />;
    case 'station-rates':
      return <StationRateTerms rate={version.definition} />;
    case 'battery-rates':
      return <BatteryRateTerms rate={version.definition} />;
    case 'tariffs':
      return <TariffTerms tariff={version.definition} />;
    case 'alliances':
      return <AllianceTerms alliance={version.definition} />;
  }
}

function PerKwh({ nanoYuan }: { nanoYuan: string }): VNode {
  return (
    <span class="figure">
      {unitPrice(nanoYuan)}
      <small> /kWh</small>
    </span>
  );
}

function ContractTerms({ contract }: { contract: Contract }): VNode {
  const { names, language } = useApp();
  const words = useWords();
  const { billing, commission, energyDeposit } = contract;
  return (
    <dl class="fields terms">
      <Field label={words.money.carrier}>{names.nameOf(contract.carrierId, language.chinese)}</Field>
      <Field label={words.agreement.validity}>
        <span class="figure">
          {contract.validFrom} – {contract.validUntil}
        </span>
      </Field>
      <Field label={words.agreement.billing}>{words.agreement.mode[billing?.mode ?? 'PER_KWH'] ?? billing?.mode}</Field>
      <BillingTerms billing={billing} />
      <Field label={words.agreement.kind.alliances}>{contract.allianceIds.join(', ')}</Field>
      <Field label={words.agreement.split}>{words.agreement.splitRule[contract.splitRule]}</Field>
      <Field label={words.agreement.hold}>
        <span class="figure">
          +{percentText(contract.holdMarginBasisPoints)} · {yuan(contract.holdStepFen)}
        </span>
      </Field>
      <Field label={words.agreement.commissionService}>
        <span class="figure">{percentText(commission?.SERVICE ?? contract.commissionServiceBasisPoints)}</span>
      </Field>
      <Field label={words.agreement.commissionRent}>
        <span class="figure">{percentText(commission?.BATTERY_RENT ?? contract.commissionRentBasisPoints)}</span>
      </Field>
      {energyDeposit !== undefined && (
        <Field label={words.agreement.deposit}>
          <PerKwh nanoYuan={energyDeposit.joinNanoYuanPerKwh} />
        </Field>
      )}
      <Field label={words.agreement.penalties}>
        {(contract.penalties ?? []).map(({ kind, amountFen }) => `${words.agreement.penalty[kind]} ${yuan(amountFen)}`).join(', ') || '—'}
      </Field>
      <Field label={words.agreement.incentives}>
        {(contract.incentives ?? []).map(({ name, nameZh }) => (language.chinese ? nameZh : name)).join(', ') || '—'}
      </Field>
    </dl>
  );
}

function BillingTerms({ billing }: { billing: Contract['billing'] }): ComponentChildren {
  const { names, language } = useApp();
  const words = useWords();
  if (billing === undefined || billing.mode === 'PER_KWH') return null;
  const price = {
    PER_SWAP: () => billing.mode === 'PER_SWAP' && yuan(billing.priceFen),
    PER_KM: () => billing.mode === 'PER_KM' && `${unitPrice(billing.priceNanoYuanPerKm)} /km`,
    MONTHLY_RENT: () => billing.mode === 'MONTHLY_RENT' && `${unitPrice(billing.feeNanoYuanPerKwhMonth)} /kWh`,
    PACKAGE: () => billing.mode === 'PACKAGE' && billing.offers.map(packageText).join(', '),
  }[billing.mode]();
  return (
    <>
      <Field label={words.agreement.price}>
        <span class="figure">{price}</span>
      </Field>
      <Field label={words.agreement.issuer}>{names.nameOf(billing.issuerId, language.chinese)}</Field>
    </>
  );
}

type Offer = Extract<NonNullable<Contract['billing']>, { mode: 'PACKAGE' }>['offers'][number];
const packageText = ({ name, unit, quantity, priceFen }: Offer): string =>
  `${name}: ${unit === 'Wh' ? `${figure(quantity / WH_PER_KWH)} kWh` : `${figure(quantity)} ×`} ${yuan(priceFen)}`;

function SettlementTerms({ agreement }: { agreement: SettlementAgreement }): VNode {
  const { names, language } = useApp();
  const words = useWords();
  return (
    <>
      <dl class="fields terms">
        <Field label={words.money.party}>{names.nameOf(agreement.principalId, language.chinese)}</Field>
        <Field label={words.agreement.settled}>{words.agreement.period[agreement.period]}</Field>
      </dl>
      <PartnerRules rules={agreement.partners} />
    </>
  );
}

function StationRateTerms({ rate }: { rate: StationRate }): VNode {
  const { language } = useApp();
  const words = useWords();
  return (
    <dl class="fields terms">
      <Field label={words.field.station}>{rate.stationId}</Field>
      <Field label={language.codeWord('SERVICE')}>
        <PerKwh nanoYuan={rate.serviceNanoYuanPerKwh} />
      </Field>
      <Field label={language.codeWord('SWAP_HANDLING')}>
        <span class="figure">{yuan(rate.handlingFen)}</span>
      </Field>
      <Field label={words.agreement.pv}>
        {rate.pvNanoYuanPerKwh === undefined ? words.agreement.asGrid : <PerKwh nanoYuan={rate.pvNanoYuanPerKwh} />}
      </Field>
    </dl>
  );
}

function BatteryRateTerms({ rate }: { rate: BatteryRate }): VNode {
  const { names, language } = useApp();
  const words = useWords();
  return (
    <dl class="fields terms">
      <Field label={words.money.party}>{names.nameOf(rate.ownerId, language.chinese)}</Field>
      <Field label={words.field.pack}>{rate.packId ?? words.agreement.allPacks}</Field>
      <Field label={language.codeWord('BATTERY_RENT')}>
        <PerKwh nanoYuan={rate.rentNanoYuanPerKwh} />
      </Field>
      <Field label={words.agreement.bySoh} wide>
        <span class="figure">
          {rate.sohSteps
            .map(({ minSohPercent, factorBasisPoints }) => `≥ ${minSohPercent} %: ${percentText(factorBasisPoints)}`)
            .join(' · ')}
        </span>
      </Field>
    </dl>
  );
}

function AllianceTerms({ alliance }: { alliance: Extract<AgreementTerms, { kind: 'alliances' }>['definition'] }): VNode {
  const { names, language } = useApp();
  const words = useWords();
  return (
    <dl class="fields terms">
      <Field label={words.agreement.name}>{alliance.name}</Field>
      <Field label={words.agreement.stations} wide>
        {alliance.stationIds.join(', ') || '—'}
      </Field>
      <Field label={words.agreement.packOwners} wide>
        {alliance.packOwnerIds.map((id) => names.nameOf(id, language.chinese)).join(', ') || '—'}
      </Field>
      {alliance.unionOf !== undefined && <Field label={words.agreement.unionOf}>{alliance.unionOf.join(', ')}</Field>}
      {alliance.withinId !== undefined && <Field label={words.agreement.within}>{alliance.withinId}</Field>}
    </dl>
  );
}
