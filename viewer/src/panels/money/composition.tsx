import type { VNode } from 'preact';
import { sumFen, yuan } from '../../format/money.ts';
import { useApp } from '../app-context.ts';

interface Part {
  component: string;
  amountFen: string;
}

/** What an amount is made of, by component, each with a bar as long as its part of the largest. */
export function Composition({ lines }: { lines: readonly Part[] }): VNode | null {
  const { language } = useApp();
  const components = [...new Set(lines.map(({ component }) => component))];
  const parts = components.map((component) => ({
    component,
    fen: sumFen(lines.filter((line) => line.component === component).map(({ amountFen }) => amountFen)) ?? '0',
  }));
  const largest = Math.max(1, ...parts.map(({ fen }) => Math.abs(Number(fen))));
  if (parts.length === 0) return null;
  return (
    <dl class="composition">
      {parts.map(({ component, fen }) => (
        <div key={component} data-component={component}>
          <dt>{language.codeWord(component)}</dt>
          <dd class="bar" aria-hidden="true">
            <i class={fen.startsWith('-') ? 'less' : 'more'} style={{ width: `${(Math.abs(Number(fen)) / largest) * 100}%` }} />
          </dd>
          <dd class="amount">{yuan(fen)}</dd>
        </div>
      ))}
    </dl>
  );
}
