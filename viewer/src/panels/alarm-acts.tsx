import type { AlarmAct, AlarmView } from '@corridor/protocols/http/scene';
import { Check, CircleX } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { ApiError } from '../feed/api-client.ts';
import { useApp, useWords } from './app-context.ts';
import { Icon } from './icon.tsx';

const REASON_CHARS_MIN = 3;

/** Buttons for what the signed-in person may do with an alarm now; the twin says what that is. */
export function AlarmActs({ alarm }: { alarm: AlarmView }): VNode | null {
  const words = useWords();
  const { text, problem, sending, setText, act } = useAlarmAct(alarm);
  if (alarm.acts.length === 0) return null;
  const closes = alarm.acts.includes('CLOSE');
  const label = closes ? words.alarm.reason : words.alarm.note;
  return (
    <div class="alarm-acts">
      <label class="entry">
        <span>{label}</span>
        <input name="alarm-note" maxLength={400} autocomplete="off" value={text} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <div class="alarm-buttons">
        {alarm.acts.includes('ACKNOWLEDGE') && (
          <button type="button" class="button" data-action="acknowledge" disabled={sending} onClick={() => void act('ACKNOWLEDGE')}>
            <Icon node={Check} size={14} />
            {words.alarm.acknowledge}
          </button>
        )}
        {closes && (
          <button type="button" class="button" data-action="close-alarm" disabled={sending} onClick={() => void act('CLOSE')}>
            <Icon node={CircleX} size={14} />
            {words.alarm.close}
          </button>
        )}
      </div>
      <p class="alarm-text" role="alert">
        {problem}
      </p>
    </div>
  );
}

/** What is being typed, and how it went. The alarm itself changes by what the twin tells everybody. */
function useAlarmAct(alarm: AlarmView) {
  const { api } = useApp();
  const words = useWords();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const act = async (what: AlarmAct): Promise<void> => {
    const said = text.trim();
    if (what === 'CLOSE' && said.length < REASON_CHARS_MIN) return setProblem(words.alarm.reasonMissing);
    setSending(true);
    setProblem(null);
    try {
      if (what === 'CLOSE') await api.closeAlarm(alarm.id, said);
      else await api.acknowledgeAlarm(alarm.id, said === '' ? null : said);
      // What was typed meanwhile is for the next act.
      setText((typed) => (typed === text ? '' : typed));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const code = error.status === 0 ? 'UNREACHABLE' : (error.problemCode ?? '');
      setProblem(words.alarm.refused(words.alarm.refusal[code] ?? error.message));
    } finally {
      setSending(false);
    }
  };
  return { text, problem, sending, setText, act };
}
