import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT_FOLDER, repositoryFiles } from './tidy/repository.ts';

const papers = repositoryFiles().filter(({ path }) => path.endsWith('.md'));
const { scripts: rootScripts } = JSON.parse(readFileSync(join(ROOT_FOLDER, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const scripts = new Set(Object.keys(rootScripts));
/** What npm runs without an entry in `scripts`. */
const NPM_ITSELF = new Set(['ci', 'install', 'run', 'test', 'start']);

/** Relative targets of the links of a page, without anchors. */
function linksOf(text: string): string[] {
  const prose = text.replaceAll(/```[\s\S]*?```/g, '');
  return [...prose.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)]
    .map(([, target]) => target ?? '')
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}

describe('papers', () => {
  it('are there', () => {
    for (const path of [
      'README.md',
      'LICENSE',
      'NOTICE',
      'CONTRIBUTING.md',
      'CHANGELOG.md',
      'docs/architecture/overview.md',
      'docs/adr/README.md',
    ])
      expect(existsSync(join(ROOT_FOLDER, path)), path).toBe(true);
  });

  it('link to what exists', () => {
    const broken = papers.flatMap(({ path, text }) =>
      linksOf(text)
        .filter((target) => !existsSync(join(ROOT_FOLDER, dirname(path), target)))
        .map((target) => `${path} -> ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('name commands that exist', () => {
    const unknown = papers.flatMap(({ path, text }) =>
      [...text.matchAll(/npm run (?:-s )?(-w \S+ )?([\w:-]+)/g)]
        .filter(([, workspace, script]) => workspace === undefined && !scripts.has(script ?? '') && !NPM_ITSELF.has(script ?? ''))
        .map(([found]) => `${path}: ${found}`),
    );
    expect(unknown).toEqual([]);
  });

  it('index every decision, each with date, context, decision and consequences', () => {
    const decisions = papers.filter(({ path }) => /^docs\/adr\/\d{4}-/.test(path));
    const index = papers.find(({ path }) => path === 'docs/adr/README.md');
    expect(decisions.length).toBeGreaterThanOrEqual(10);
    const numbers = decisions.map(({ path }) => path.slice('docs/adr/'.length, 'docs/adr/0000'.length));
    expect(new Set(numbers).size, 'two decisions with one number').toBe(numbers.length);
    for (const { path, text } of decisions) {
      expect(index?.text, path).toContain(path.slice('docs/adr/'.length));
      expect(text, path).toMatch(/^Date: \d{4}-\d{2}-\d{2}\. Status: (proposed|accepted|superseded by)/m);
      for (const part of ['## Context', '## Decision', '## Consequences']) expect(text, `${path} ${part}`).toContain(part);
      expect(text.split('\n').length, `${path}: at most a page`).toBeLessThanOrEqual(60);
    }
  });
});
