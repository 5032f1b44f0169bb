import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { ThemeName } from './scene-palette.ts';

export const THEME_CHOICES = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof THEME_CHOICES)[number];

const KEY = 'corridor.theme';

/** Light or dark: as the system says until somebody chooses. */
export class ThemeStore {
  readonly choice: Signal<ThemeChoice>;
  readonly theme: ReadonlySignal<ThemeName>;
  private readonly systemDark: Signal<boolean>;
  private readonly storage: Storage;

  constructor(storage: Storage, darkQuery: MediaQueryList) {
    this.storage = storage;
    const stored = storage.getItem(KEY);
    this.choice = signal(THEME_CHOICES.find((choice) => choice === stored) ?? 'system');
    this.systemDark = signal(darkQuery.matches);
    darkQuery.addEventListener('change', (event) => {
      this.systemDark.value = event.matches;
    });
    this.theme = computed(() => {
      if (this.choice.value !== 'system') return this.choice.value;
      return this.systemDark.value ? 'dark' : 'light';
    });
  }

  choose(choice: ThemeChoice): void {
    this.storage.setItem(KEY, choice);
    this.choice.value = choice;
  }
}
