import { useSignal } from '@preact/signals';
import { LogOut, Monitor, Moon, Settings2, Sun } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { DICTIONARIES, LANGUAGES } from '../i18n/language.ts';
import { THEME_CHOICES } from '../theme/theme-store.ts';
import { useApp, useWords } from './app-context.ts';
import { Icon } from './icon.tsx';
import { IconButton } from './icon-button.tsx';

const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon } as const;

/** Language, theme, keys, and who is signed in. */
export function SettingsMenu(): VNode {
  const words = useWords();
  const open = useSignal(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const close = (event: PointerEvent): void => {
      if (box.current !== null && event.target instanceof Node && !box.current.contains(event.target)) open.value = false;
    };
    window.addEventListener('pointerdown', close);
    return () => window.removeEventListener('pointerdown', close);
  }, [open]);
  return (
    <div class="menu" ref={box} onKeyDown={(event) => event.key === 'Escape' && (open.value = false)}>
      <IconButton
        icon={Settings2}
        name={words.settings}
        isOn={open.value}
        data-menu="settings"
        aria-expanded={open.value}
        onClick={() => (open.value = !open.value)}
      />
      {open.value && <MenuBody />}
    </div>
  );
}

function MenuBody(): VNode {
  const { language, theme } = useApp();
  const words = useWords();
  return (
    <div class="menu-body panel">
      <LanguageChoice />
      <h4>{words.theme.title}</h4>
      <div class="segmented">
        {THEME_CHOICES.map((choice) => (
          <button
            key={choice}
            type="button"
            data-theme-choice={choice}
            aria-pressed={theme.choice.value === choice}
            onClick={() => theme.choose(choice)}
          >
            <Icon node={THEME_ICONS[choice]} size={14} />
            {words.theme[choice]}
          </button>
        ))}
      </div>
      <Keys key={language.current.value} />
      <PersonLine />
    </div>
  );
}

function LanguageChoice(): VNode {
  const { language } = useApp();
  const words = useWords();
  return (
    <>
      <h4>{words.language}</h4>
      <div class="segmented">
        {LANGUAGES.map((choice) => (
          <button
            key={choice}
            type="button"
            lang={choice}
            data-language={choice}
            aria-pressed={language.current.value === choice}
            onClick={() => language.choose(choice)}
          >
            {DICTIONARIES[choice].languageName}
          </button>
        ))}
      </div>
    </>
  );
}

function Keys(): VNode {
  const words = useWords();
  const keys: [string, string][] = [
    ['← ↑ ↓ →', words.keys.pan],
    ['+ −', words.keys.zoom],
    ['Q E', words.keys.turn],
    ['R V', words.keys.tilt],
    ['F', words.keys.follow],
    ['0', words.keys.network],
    ['/', words.keys.search],
    ['Ctrl K', words.layers.findTitle],
    ['Esc', words.keys.close],
  ];
  return (
    <>
      <h4>{words.keys.title}</h4>
      <dl class="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function PersonLine(): VNode | null {
  const { session, scannedBay } = useApp();
  const words = useWords();
  const person = session.person;
  if (person === null) return null;
  const signOut = (): void => {
    // The next person at this screen does not stand at the bay of the one before.
    scannedBay.value = null;
    void session.signOut();
  };
  return (
    <div class="person-line">
      <span>
        <small>{words.signIn.person}</small>
        <b>{person.name}</b>
        <small>{person.roles.map((role) => words.role[role] ?? role).join(', ')}</small>
        {session.isForAllTabs && <small>{words.signIn.staysHere}</small>}
      </span>
      <button type="button" class="button" data-action="sign-out" onClick={signOut}>
        <Icon node={LogOut} size={14} />
        {words.signIn.out}
      </button>
    </div>
  );
}
