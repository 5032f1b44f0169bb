import type { AlarmView } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import { alarmAction } from '../i18n/alarm-text.ts';
import { isTold } from '../store/condition.ts';
import { useApp, useWords } from './app-context.ts';
import { DayTime, Field } from './figures.tsx';
import { Link } from './link.tsx';
import { Person } from './person.tsx';

/** What has to be done about an alarm, and, where it is put aside, why and until when. */
export function AlarmStanding({ alarm }: { alarm: AlarmView }): VNode {
  const { language } = useApp();
  const words = useWords();
  const { shelf, suppressedBy } = alarm;
  return (
    <>
      {(isTold(alarm) || alarm.state === 'SHELVED') && (
        <p class="prose alarm-todo">
          <b>{words.operations.todo}</b> {alarmAction(alarm, language)}
        </p>
      )}
      {suppressedBy !== null && (
        <p class="prose">
          {words.operations.suppressedBy}{' '}
          <Link kind="alarm" id={suppressedBy}>
            {language.codeWord(suppressedBy.slice(0, Math.max(0, suppressedBy.indexOf('-'))))}
          </Link>
        </p>
      )}
      {shelf !== null && (
        <dl class="fields padded" data-shelf={shelf.until}>
          <Field label={words.operations.shelvedUntil}>
            <DayTime at={shelf.until} />
          </Field>
          <Field label={words.operations.shelvedSince}>
            <DayTime at={shelf.since} />
          </Field>
          {shelf.by !== null && (
            <Field label={words.alarm.by}>
              <Person id={shelf.by} />
            </Field>
          )}
          <Field label={words.operations.shelvedBecause} wide>
            {shelf.reason}
          </Field>
        </dl>
      )}
    </>
  );
}
