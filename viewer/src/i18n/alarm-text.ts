import { type AlarmArgs, alarmRuleOf, STATION_FAULT_CODES } from '@corridor/protocols/alarm-code';
import type { AlarmView } from '@corridor/protocols/http/scene';
import type { LanguageStore } from './language.ts';

const PLACEHOLDER = /\{([^A-Za-z}]*)([A-Za-z]+)(:code)?\}/g;

type Said = Pick<AlarmView, 'code' | 'scope' | 'detail' | 'args'>;
type Speaker = Pick<LanguageStore, 'words' | 'codeWord'>;

/** What an alarm says, in the language of the page; what cannot be worded is shown as it was told. */
export function alarmText(alarm: Said, language: Speaker): string {
  const template = templateOf(alarm, language);
  return (template === null ? null : filled(template, alarm.args, language)) ?? alarm.detail;
}

/** Whether the detail says more than {@link alarmText}: the free words of a station. */
export const isInOwnWords = ({ code, scope }: Pick<Said, 'code' | 'scope'>): boolean =>
  alarmRuleOf({ code, scope }) === null && scope !== 'order';

/** What has to be done, in the language of the page. */
export function alarmAction({ code, scope }: Pick<Said, 'code' | 'scope'>, { words }: Pick<Speaker, 'words'>): string {
  const rule = alarmRuleOf({ code, scope });
  if (rule !== null) return words.alarmAction.of[rule.code];
  if (scope === 'order') return words.alarmAction.order;
  const fault = STATION_FAULT_CODES.find((known) => known === code);
  return fault === undefined ? words.alarmAction.otherFault : words.alarmAction.stationFault[fault];
}

function templateOf({ code, scope }: Said, { words }: Speaker): string | null {
  const rule = alarmRuleOf({ code, scope });
  if (rule !== null) return words.alarm.text[rule.code];
  if (scope === 'order') return words.alarm.order;
  const fault = STATION_FAULT_CODES.find((known) => known === code);
  return fault === undefined ? words.alarm.otherFault : words.alarm.stationFault[fault];
}

/** @returns null when the alarm lacks an argument: it was raised by an older release */
function filled(template: string, args: AlarmArgs, language: Speaker): string | null {
  let isWhole = true;
  const text = template.replaceAll(PLACEHOLDER, (_, before: string, name: string, isCode: string | undefined) => {
    const value = args[name];
    if (value === undefined) {
      isWhole = false;
      return '';
    }
    if (value === '') return '';
    return `${before}${isCode === undefined ? value : (language.words.alarm.word[value] ?? language.codeWord(String(value)))}`;
  });
  return isWhole ? text : null;
}
