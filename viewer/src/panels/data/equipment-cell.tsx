import type { EquipmentColumn, EquipmentRow, Presence } from '@corridor/protocols/http/equipment';
import type { VNode } from 'preact';
import { energy, figure, power, quantity, UNKNOWN } from '../../format/quantity.ts';
import type { Condition } from '../../store/condition.ts';
import { useApp, useWords } from '../app-context.ts';
import { Chip, Figure, SocBar, Time } from '../figures.tsx';

const CONDITIONS: Readonly<Record<Presence, Condition>> = { ONLINE: 'normal', STALE: 'wait', OFFLINE: 'offline', NEVER_SEEN: 'offline' };

export function PresenceChip({ presence }: { presence: Presence }): VNode {
  const words = useWords();
  return <Chip condition={CONDITIONS[presence]}>{words.data.presence[presence]}</Chip>;
}

/** One value of one piece of equipment, set for reading. */
export function EquipmentCell({ row, column }: { row: EquipmentRow; column: EquipmentColumn }): VNode {
  const { names, language } = useApp();
  const words = useWords();
  switch (column) {
    case 'id':
      return <>{row.id}</>;
    case 'presence':
      return <PresenceChip presence={row.presence} />;
    case 'state':
      return <>{language.codeWord(row.state)}</>;
    case 'place':
      return <>{row.place === null ? UNKNOWN : row.place.id}</>;
    case 'tempC':
      return <Figure of={quantity(row.tempC, '°C', 1)} />;
    case 'voltageV':
      return <Figure of={quantity(row.voltageV, 'V', 1)} />;
    case 'currentA':
      return <Figure of={quantity(row.currentA, 'A', 1)} />;
    case 'powerW':
      return <Figure of={power(row.powerW)} />;
    case 'energyWh':
      return <Figure of={energy(row.energyWh)} />;
    case 'socPercent':
      return <SocBar socPercent={row.socPercent} />;
    case 'sohPercent':
      return <Figure of={quantity(row.sohPercent, '%', 1)} />;
    case 'sohEstimate': {
      const estimate = row.sohEstimate;
      if (estimate === null) return <span class="figure">{UNKNOWN}</span>;
      const errorPercent = (estimate.highPercent - estimate.lowPercent) / 2;
      return (
        <span
          class="figure"
          title={words.data.sohTitle(figure(estimate.lowPercent, 1), figure(estimate.highPercent, 1), figure(estimate.pairs))}
        >
          {figure(estimate.sohPercent, 1)}
          <small> ± {figure(errorPercent, 1)} %</small>
        </span>
      );
    }
    case 'ownerId':
      return <>{row.ownerId === null ? UNKNOWN : names.nameOf(row.ownerId, language.chinese)}</>;
    case 'reportedAt':
      return <Time at={row.reportedAt} />;
    case 'q':
      return (
        <span class="data-flags">
          {row.q.map((flag) => (
            <span key={flag} class="chip wait" title={flag}>
              {language.codeWord(flag)}
            </span>
          ))}
        </span>
      );
  }
}
