import { useSignal } from '@preact/signals';
import { ArrowRight, Film, Languages } from 'lucide';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { ApiError, type AuthConfig, type DemoUser } from '../feed/api-client.ts';
import type { ClaimNames } from '../feed/person.ts';
import { beginProviderSignIn, canUseProvider } from '../feed/provider-sign-in.ts';
import { useApp, useWords } from './app-context.ts';
import { Icon } from './icon.tsx';
import { IconButton } from './icon-button.tsx';

const RETRY_MS = 2_000;

/** Where one says who one is: demo users of the embedded issuer, or the organisation's provider. */
export function SignIn(): VNode {
  const { api, session, language, recordingPage } = useApp();
  const words = useWords();
  const config = useSignal<AuthConfig | null>(null);
  const problem = useSignal<'unreachable' | 'failed' | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    const load = async (): Promise<void> => {
      try {
        const answer = await api.authConfig();
        if (ended) return;
        config.value = answer;
        problem.value = null;
      } catch {
        // Shown below, and tried again until the twin answers.
        if (ended) return;
        problem.value = 'unreachable';
        timer = setTimeout(() => void load(), RETRY_MS);
      }
    };
    void load();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [api, config, problem]);
  const choose = async (user: DemoUser, claims: ClaimNames): Promise<void> => {
    try {
      const { token } = await api.demoToken(user.id);
      void session.signIn({ token, renewal: null, claims });
    } catch (error) {
      problem.value = error instanceof ApiError && error.status !== 0 ? 'failed' : 'unreachable';
    }
  };
  return (
    <main class="sign-in">
      <div class="sign-in-card panel">
        <div class="sign-in-head">
          <div>
            <h1>{words.network}</h1>
            <p>{words.product}</p>
          </div>
          <IconButton
            action="language"
            icon={Languages}
            name={`${words.language} ${language.chinese ? 'EN' : '中'}`}
            class="language-button"
            onClick={() => language.choose(language.chinese ? 'en' : 'zh-CN')}
          >
            <span>{language.chinese ? 'EN' : '中'}</span>
          </IconButton>
        </div>
        {session.expired.value && <p class="notice wait">{words.signIn.expired}</p>}
        {problem.value !== null && <p class="notice alarm">{words.signIn[problem.value]}</p>}
        {config.value !== null && (
          <Ways config={config.value} choose={(user, claims) => void choose(user, claims)} onFailed={() => (problem.value = 'failed')} />
        )}
        <button type="button" class="link open-recording" data-action="recording" onClick={() => (recordingPage.value = true)}>
          <Icon node={Film} />
          {words.recording.open}
        </button>
      </div>
    </main>
  );
}

/** Who sees everything comes first. */
const ROLE_ORDER = ['PLATFORM_OPERATOR', 'STATION_OPERATOR', 'BATTERY_OWNER', 'CARRIER', 'DRIVER', 'VIEWER'];

/** The users of each role, roles in their order. */
function byRole(users: readonly DemoUser[]): [string, DemoUser[]][] {
  const groups = new Map<string, DemoUser[]>(ROLE_ORDER.map((role) => [role, []]));
  for (const user of users) {
    const group = groups.get(user.role);
    if (group === undefined) groups.set(user.role, [user]);
    else group.push(user);
  }
  return [...groups].filter(([, group]) => group.length > 0);
}

/** People of one company stand in one row, in their order, for one approves what the other drafted; drivers, and who has no company, stand alone. */
function byCompany(users: readonly DemoUser[]): [DemoUser, ...DemoUser[]][] {
  const rows = new Map<string, [DemoUser, ...DemoUser[]]>();
  for (const user of users) {
    const key = user.role === 'DRIVER' || user.principalId === null ? user.id : user.principalId;
    const row = rows.get(key);
    if (row === undefined) rows.set(key, [user]);
    else row.push(user);
  }
  return [...rows.values()];
}

function Ways({
  config,
  choose,
  onFailed,
}: {
  config: AuthConfig;
  choose: (user: DemoUser, claims: ClaimNames) => void;
  onFailed: () => void;
}): VNode {
  const { language } = useApp();
  const words = useWords();
  if (config.issuer === 'oidc') {
    return canUseProvider(config) ? (
      <button type="button" class="button primary" onClick={() => void beginProviderSignIn(config).catch(onFailed)}>
        {words.signIn.provider}
      </button>
    ) : (
      <p>{words.signIn.noProvider}</p>
    );
  }
  return (
    <>
      <p class="lead">{words.signIn.lead}</p>
      {byRole(config.demoUsers ?? []).map(([role, users]) => (
        <section key={role} class="role" data-role={role}>
          <h2>
            {words.role[role] ?? role}
            <small>{words.roleSees[role] ?? ''}</small>
          </h2>
          <ul class="people" lang={language.current.value}>
            {byCompany(users).map(([first, ...others]) => (
              <li key={first.id}>
                <Person user={first} primary={role === ROLE_ORDER[0]} onClick={() => choose(first, config.claims)} />
                {others.map((other) => (
                  <SecondPerson key={other.id} user={other} onClick={() => choose(other, config.claims)} />
                ))}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function Person({ user, primary, onClick }: { user: DemoUser; primary: boolean; onClick: () => void }): VNode {
  const { language } = useApp();
  return (
    <button type="button" class={primary ? 'person primary' : 'person'} data-user={user.id} onClick={onClick}>
      <span class="avatar" aria-hidden="true">
        {user.principalId ?? '—'}
      </span>
      <b class="grow">{language.chinese ? (user.nameZh ?? user.name) : user.name}</b>
      <Icon node={ArrowRight} />
    </button>
  );
}

/** Who approves for a company what its first person drafted. */
function SecondPerson({ user, onClick }: { user: DemoUser; onClick: () => void }): VNode {
  const { language } = useApp();
  const words = useWords();
  const name = language.chinese ? (user.nameZh ?? user.name) : user.name;
  return (
    <button type="button" class="second-person" data-user={user.id} title={words.signIn.secondPersonOf(name)} onClick={onClick}>
      {words.signIn.secondPerson}
    </button>
  );
}
