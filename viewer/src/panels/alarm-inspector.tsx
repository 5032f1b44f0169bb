import type { VNode } from 'preact';
import { alarmText, isInOwnWords } from '../i18n/alarm-text.ts';
import { alarmCondition } from '../store/condition.ts';
import { SELECTABLE } from '../store/selection.ts';
import { AlarmActs } from './alarm-acts.tsx';
import { AlarmStanding } from './alarm-standing.tsx';
import { useApp, useWords } from './app-context.ts';
import { Chip, Field, Time } from './figures.tsx';
import { InspectorHead, Missing } from './inspector-head.tsx';
import { Link } from './link.tsx';
import { Person } from './person.tsx';

export function AlarmInspector({ id }: { id: string }): VNode {
  const { store, language } = useApp();
  const words = useWords();
  const alarm = store.version.alarms.value < 0 ? undefined : store.records.alarms.get(id);
  if (alarm === undefined) return <Missing id={id} />;
  const kind = SELECTABLE.find((known) => known === alarm.scope);
  return (
    <>
      <InspectorHead
        title={language.codeWord(alarm.code)}
        subtitle={alarm.code}
        condition={alarmCondition(alarm)}
        state={words.alarm.state[alarm.state]}
      >
        <Chip condition="normal">{words.operations.priority[alarm.level] ?? alarm.level}</Chip>
      </InspectorHead>
      <dl class="fields padded">
        <Field label={words.field.scope} wide>
          {kind === undefined ? alarm.scopeId : <Link kind={kind} id={alarm.scopeId} />}
        </Field>
        <Field label={words.field.raised}>
          <Time at={alarm.raisedAt} />
        </Field>
        {alarm.escalatedAt !== null && (
          <Field label={words.alarm.escalated}>
            <Time at={alarm.escalatedAt} />
          </Field>
        )}
        <Field label={words.field.cleared}>
          <Time at={alarm.clearedAt} />
        </Field>
        {alarm.acknowledgedAt !== null && (
          <Field label={words.alarm.acknowledged}>
            <Time at={alarm.acknowledgedAt} />
          </Field>
        )}
        {alarm.acknowledgedBy !== null && (
          <Field label={words.alarm.by}>
            <Person id={alarm.acknowledgedBy} />
          </Field>
        )}
        {isInOwnWords(alarm) && (
          <Field label={words.alarm.reported} wide>
            {alarm.detail}
          </Field>
        )}
      </dl>
      <p class="prose">{alarmText(alarm, language)}</p>
      <AlarmStanding alarm={alarm} />
      <AlarmActs key={alarm.id} alarm={alarm} acted={null} />
    </>
  );
}
