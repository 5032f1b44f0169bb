import { type JSONPath, visit } from 'jsonc-parser';
import { type Problem, ScenarioError, shown } from './problem.ts';

const pointerOf = (path: JSONPath): string => path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** Keys that an object has twice: of these JSON takes the last, so that what a person changed may be the one that does not count. */
function doubledKeys(text: string): Problem[] {
  const problems: Problem[] = [];
  const open: Set<string>[] = [];
  visit(text, {
    onObjectBegin: () => void open.push(new Set()),
    onObjectEnd: () => void open.pop(),
    onObjectProperty: (key, _offset, _length, line, _character, pathOf) => {
      const keys = open.at(-1);
      if (keys?.has(key))
        problems.push({
          path: pointerOf([...pathOf(), key]),
          value: shown(key),
          allowed: `a key once: it stands here again in line ${line + 1}`,
        });
      keys?.add(key);
    },
  });
  return problems;
}

/** What the text of a scenario holds. @throws ScenarioError on what is no JSON, and on keys that stand twice */
export function scenarioJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ScenarioError([{ path: '', value: shown(text), allowed: `JSON: ${why}` }]);
  }
  const doubled = doubledKeys(text);
  if (doubled.length > 0) throw new ScenarioError(doubled);
  return value;
}
