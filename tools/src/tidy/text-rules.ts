import { isTypeScript, lineAt, type Refusal, type SourceFile } from './refusal.ts';

/** Longest source file. Tests and tables of data are exempt: they are read by case, not as a whole. */
export const FILE_LINES_MAX = 400;

type NameRule = { rule: string; refuses: RegExp; instead: string };
const NAMES: readonly NameRule[] = [
  {
    rule: 'name',
    refuses: /(^|\/)(utils?|helpers?|common|types|misc|shared|lib)\.(ts|tsx)$|(^|\/)(utils?|helpers?|common|misc)\//,
    instead: 'a file named after what it does',
  },
  { rule: 'barrel', refuses: /(^|\/)index\.tsx?$/, instead: 'import by path; a package has no front door' },
  { rule: 'file name', refuses: /[^/]*[A-Z][^/]*\.tsx?$/, instead: 'kebab-case with a role suffix' },
  {
    rule: 'secret or dump',
    refuses: /\.(creds|nk|pem|key|p12|dump|sqlite3?|sqlite-wal|db|bak|tgz|tar|tar\.gz)$|(^|\/)\.env$|(^|\/)id_(rsa|ed25519)/,
    instead: 'testkit makes keys and data when they are needed',
  },
  { rule: 'built file', refuses: /(^|\/)(dist|coverage|\.data|\.cache|node_modules)\//, instead: 'build it; .gitignore names it' },
];

type TextRule = { rule: string; refuses: RegExp; instead: string; exempt?: (path: string) => boolean };
/** Separators stand in brackets, so that these patterns do not find themselves. */
const TEXTS: readonly TextRule[] = [
  {
    rule: 'path of a machine',
    refuses: /[/]work[/]|[/]Users[/]\w+[/]|[/]home[/](?!node[/])\w+[/]|(?:[.][.][/])+shared[/](?:docs|data|lab|hooks)/,
    instead: 'a path inside the repository, or one that the caller passes',
  },
  {
    rule: 'paper that is not in the repository',
    refuses: /\b(?:DESIGN|DOMAIN|STYLE|STACK|LOOK)[.]md\b|OCPP21-BATTERY[-]SWAP/,
    instead: 'say the source in words, or cite a page under docs/',
  },
  {
    rule: 'host of a package registry',
    refuses: /registry[.](?:npmjs|yarnpkg|npmmirror)|npmmirror[.]com|files[.]pythonhosted|proxy[.]golang/,
    instead: 'name the package; npm knows where it comes from',
  },
  {
    rule: 'secret',
    refuses: /-----BEGIN [A-Z ]*PRIVATE KEY-----|\bS[UAOCN][A-Z2-7]{56}\b|\beyJ[\w-]{20,}[.][\w-]{20,}[.][\w-]{20,}/,
    instead: 'testkit makes keys when they are needed',
  },
  { rule: 'conflict marker', refuses: /^(?:<{7}|>{7}) /m, instead: 'finish the merge' },
];

const exemptFromLength = (path: string) => !isTypeScript(path) || /\.(test|data)\.tsx?$/.test(path);

/** What names and plain text can tell. `text` is empty for a binary file. */
export function refuseText({ path, text }: SourceFile): Refusal[] {
  const refusals: Refusal[] = [];
  for (const { rule, refuses, instead } of NAMES) if (refuses.test(path)) refusals.push({ path, line: 1, rule, found: path, instead });
  for (const { rule, refuses, instead } of TEXTS) {
    const match = refuses.exec(text);
    if (match) refusals.push({ path, line: lineAt(text, match.index), rule, found: match[0].slice(0, 40), instead });
  }
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  if (lines > FILE_LINES_MAX && !exemptFromLength(path))
    refusals.push({
      path,
      line: FILE_LINES_MAX,
      rule: 'long file',
      found: `${lines} lines`,
      instead: `split by concept: at most ${FILE_LINES_MAX}`,
    });
  return refusals;
}
