import type { PartnerRule } from '@corridor/protocols/agreement/settlement-agreement';
import type { VNode } from 'preact';
import { unitPrice } from '../../format/money.ts';
import { percentText } from '../../format/quantity.ts';
import { useApp, useWords } from '../app-context.ts';
import { DataTable } from './data-table.tsx';

/** Who gets a part of what a party earned, by which rule, and at which stations. */
export function PartnerRules({ rules }: { rules: readonly PartnerRule[] }): VNode {
  const { names, language } = useApp();
  const words = useWords();
  if (rules.length === 0) return <p class="nothing">{words.agreement.noPartners}</p>;
  const nameOf = (id: string): string => names.nameOf(id, language.chinese);
  const baseWord = (base: string): string => words.agreement.base[base] ?? language.codeWord(base);
  const shareOf = (rule: PartnerRule): string => {
    if (rule.kind === 'PV_OWNER') return `${unitPrice(rule.priceNanoYuanPerKwh)} /kWh`;
    return `${percentText(rule.basisPoints)} · ${baseWord(rule.kind === 'SITE_OWNER' ? 'SERVICE' : rule.base)}`;
  };
  return (
    <DataTable
      caption={words.money.splits}
      columns={[
        { word: words.money.type },
        { word: words.money.party },
        { word: words.agreement.share },
        { word: words.agreement.stations, look: 'aside' },
      ]}
      rows={rules.map((rule, i) => ({
        key: String(i),
        cells: [
          words.agreement.rule[rule.kind] ?? rule.kind,
          rule.kind === 'SHAPLEY' ? rule.players.map(({ partnerId }) => nameOf(partnerId)).join(', ') : nameOf(rule.partnerId),
          <span class="figure">{shareOf(rule)}</span>,
          rule.kind === 'SHAPLEY'
            ? rule.players.flatMap(({ stationIds }) => stationIds).join(', ')
            : (rule.stationIds?.join(', ') ?? words.agreement.allStations),
        ],
      }))}
    />
  );
}
