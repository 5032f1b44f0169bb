import { enginesSoak } from './engines.soak.ts';
import { isolationSoak } from './isolation.soak.ts';
import { killSoak } from './kill.soak.ts';
import { moneySoak } from './money/money.soak.ts';
import type { Soak } from './soak.ts';
import { theorySoak } from './theory.soak.ts';

/** Every soak of the product. */
export const soaks: readonly Soak[] = [killSoak, moneySoak, isolationSoak, theorySoak, enginesSoak];
