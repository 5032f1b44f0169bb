import type { CommandView } from '@corridor/protocols/http/command-view';
import { duration, power, type Quantity } from '../../format/quantity.ts';
import type { Dictionary } from '../../i18n/en.ts';

/** What a command asks, in words: `Charging power 60 kW, for 1:00 h`. */
export function commandText({ verb, args }: Pick<CommandView, 'verb' | 'args'>, words: Dictionary): string {
  const name = words.dispatch.verb[verb] ?? verb;
  const { powerW, holdMs, reasonCode, operationalStatus } = args;
  if (verb === 'slot.availability' && typeof operationalStatus === 'string')
    return words.dispatch.operationalStatus[operationalStatus] ?? operationalStatus;
  const said = [];
  if (verb === 'charge.setpoint') said.push(typeof powerW === 'number' ? textOf(power(powerW)) : words.dispatch.planned);
  if (typeof holdMs === 'number') said.push(words.dispatch.holdFor(textOf(duration(holdMs))));
  if (verb === 'slot.quarantine' && typeof reasonCode === 'string') said.push(words.dispatch.quarantineReason[reasonCode] ?? reasonCode);
  return [name, ...said].join(' · ');
}

const textOf = ({ figure, unit }: Quantity): string => `${figure} ${unit}`;
