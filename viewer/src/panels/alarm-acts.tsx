import type { AlarmAct, AlarmView } from '@corridor/protocols/http/scene';
import { AlarmClock, AlarmClockOff, Check, CircleX } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { ApiError } from '../feed/api-client.ts';
import { isReason } from '../store/reason-entry.ts';
import { useApp, useWords } from './app-context.ts';
import { Icon } from './icon.tsx';
import { Choice } from './money/list-tools.tsx';

/** An hour: long enough to look, short enough to come back within a shift. */
const SHELVED_FIRST_MS = 3_600_000;

/**
 * Buttons for what the signed-in person may do with an alarm now; the twin says what that is.
 * @param acted told when something was done; null: the alarm is one of the scene, which the twin tells of
 */
export function AlarmActs({ alarm, acted }: { alarm: AlarmView; acted: (() => void) | null }): VNode | null {
  const words = useWords();
  const { text, forMs, problem, sending, setText, setForMs, act } = useAlarmAct(alarm, acted);
  if (alarm.acts.length === 0) return null;
  const may = (what: AlarmAct): boolean => alarm.acts.includes(what);
  const reasons = [...(may('CLOSE') ? [words.alarm.reason] : []), ...(may('SHELVE') ? [words.operations.shelveReason] : [])];
  const button = (what: AlarmAct, name: string, icon: typeof Check, word: string): VNode | null =>
    may(what) ? (
      <button type="button" class="button" data-action={name} disabled={sending} onClick={() => void act(what)}>
        <Icon node={icon} size={14} />
        {word}
      </button>
    ) : null;
  return (
    <div class="alarm-acts">
      <label class="entry">
        <span>{[words.alarm.note, ...reasons].join(' / ')}</span>
        <input name="alarm-note" maxLength={400} autocomplete="off" value={text} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <div class="alarm-buttons">
        {button('ACKNOWLEDGE', 'acknowledge', Check, words.alarm.acknowledge)}
        {button('CLOSE', 'close-alarm', CircleX, words.alarm.close)}
        {button('UNSHELVE', 'unshelve', AlarmClockOff, words.operations.unshelve)}
      </div>
      {may('SHELVE') && (
        <div class="alarm-buttons">
          <Choice
            name="shelve-for"
            label={words.operations.shelveFor}
            value={String(forMs)}
            options={Object.entries(words.operations.shelveForOf)}
            choose={(value) => setForMs(Number(value))}
          />
          {button('SHELVE', 'shelve', AlarmClock, words.operations.shelve)}
        </div>
      )}
      <p class="alarm-text" role="alert">
        {problem}
      </p>
    </div>
  );
}

/** What is being typed, and how it went. */
function useAlarmAct(alarm: AlarmView, acted: (() => void) | null) {
  const { alarmApi } = useApp();
  const words = useWords();
  const [text, setText] = useState('');
  const [forMs, setForMs] = useState(SHELVED_FIRST_MS);
  const [problem, setProblem] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const ask = (what: AlarmAct, said: string): Promise<unknown> => {
    switch (what) {
      case 'ACKNOWLEDGE':
        return alarmApi.acknowledge(alarm.id, said === '' ? null : said);
      case 'CLOSE':
        return alarmApi.close(alarm.id, said);
      case 'SHELVE':
        return alarmApi.shelve(alarm.id, forMs, said);
      case 'UNSHELVE':
        return alarmApi.unshelve(alarm.id);
    }
  };
  const act = async (what: AlarmAct): Promise<void> => {
    const said = text.trim();
    if (what === 'CLOSE' && said === '') return setProblem(words.alarm.reasonMissing);
    if (what === 'SHELVE' && said === '') return setProblem(words.operations.shelveReasonMissing);
    // Whoever only acknowledges need not say anything.
    if (said !== '' && what !== 'UNSHELVE' && !isReason(said)) return setProblem(words.operations.reasonShort);
    setSending(true);
    setProblem(null);
    try {
      await ask(what, said);
      acted?.();
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
  return { text, forMs, problem, sending, setText, setForMs, act };
}
