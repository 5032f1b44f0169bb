import type { Result } from '../planner/result.ts';
import { chosenPolicies } from '../policies/policies.schema.ts';
import { scenarioHash } from '../scenario/scenario-hash.ts';
import { words } from '../scenario/words.ts';
import { escaped, said } from './words.ts';

/** What was run, so that it can be run again: the inputs with their hash. */
export function scenarioDetails({ scenario, runs, model }: Result): string {
  const hash = scenarioHash(scenario);
  const { chooseStation, choosePack, charging, pricing } = chosenPolicies(scenario);
  const seeds = runs.map(({ seed }) => seed);
  const facts = [
    said(
      words(
        `model ${model}, ${scenario.days} days of which ${scenario.warmUpDays} are not counted`,
        `模型 ${model}，${scenario.days} 天，其中 ${scenario.warmUpDays} 天不计`,
      ),
    ),
    said(words(`seeds ${seeds[0] ?? '—'} to ${seeds.at(-1) ?? '—'}`, `随机种子 ${seeds[0] ?? '—'} 至 ${seeds.at(-1) ?? '—'}`)),
    said(
      words(
        `rules: station ${chooseStation}, pack ${choosePack}, charging ${charging}, price ${pricing}`,
        `策略：选站 ${chooseStation}，选电池 ${choosePack}，充电 ${charging}，定价 ${pricing}`,
      ),
    ),
    `SHA-256 ${hash}`,
  ];
  return `<details><summary>${said(words(`Inputs of “${scenario.name}”`, `“${scenario.name}”的输入`))}</summary><p class="note">${facts.join('<br>')}</p><pre>${escaped(JSON.stringify(withoutLists(scenario), null, 1))}</pre></details>`;
}

const LISTED_MAX = 24;

/** Long lists, such as heights of a road, are only counted: `result.json` holds them. */
function withoutLists(value: unknown): unknown {
  if (Array.isArray(value))
    return value.length > LISTED_MAX && !value.some((item) => typeof item === 'object' && item !== null && 'id' in item)
      ? `${value.length} values`
      : value.map(withoutLists);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withoutLists(part)]));
}
