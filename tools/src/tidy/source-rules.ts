import { parseSync, Visitor } from 'oxc-parser';
import { isTest, isTestOnly, isToolConfig, isTypeScript, lineAt, type Refusal, type SourceFile } from './refusal.ts';

/** Longest function, in lines. A `describe` of a test may be longer: it is a list. */
export const FUNCTION_LINES_MAX = 70;

/** Functions that are longer today and may not grow: `<path>#<name>` -> lines. Take an entry out when it is cut up. */
const RATCHET: Readonly<Record<string, number>> = {};

/** Where time and chance come from outside. */
const DETERMINISTIC = /^(actors\/src|simulator\/src\/(plant|kernel|equipment))\//;
/** The one place that builds subjects, and the prose that explains them. */
const SPEAKS_SUBJECTS = /^protocols\/src\/(subject|asyncapi-guide)\.ts$/;

type Span = { start: number; end: number };
type Refuse = (node: Span, rule: string, found: string, instead: string) => void;

function visitShape(refuse: Refuse, file: SourceFile) {
  const tooLong = (node: Span, name: string) => {
    const lines = lineAt(file.text, node.end) - lineAt(file.text, node.start) + 1;
    const most = RATCHET[`${file.path}#${name}`] ?? FUNCTION_LINES_MAX;
    // A machine, its parts and a plugin of routes are tables; cutting them up hides what one wants to read aloud.
    if (lines > most && !isTestOnly(file.path) && !/\.(machine|states|setup|routes)\.ts$/.test(file.path))
      refuse(node, 'long function', `${name}: ${lines} lines`, `at most ${most}: name its parts`);
  };
  return {
    FunctionDeclaration: (node: Span & { id: { name: string } | null }) => tooLong(node, node.id?.name ?? 'function'),
    FunctionExpression: (node: Span) => tooLong(node, 'function'),
    ArrowFunctionExpression: (node: Span) => tooLong(node, 'arrow function'),
    TSEnumDeclaration: (node: Span) => refuse(node, 'enum', 'enum', 'a union of literals'),
    TSModuleDeclaration: (node: Span & { declare?: boolean }) => {
      if (!node.declare) refuse(node, 'namespace', 'namespace', 'a module');
    },
    ExportDefaultDeclaration: (node: Span) => {
      if (!isToolConfig(file.path)) refuse(node, 'default export', 'export default', 'a named export');
    },
    ExportAllDeclaration: (node: Span) => refuse(node, 'barrel', 'export * from', 'import by path where it is used'),
    TSAsExpression: (node: Span & { expression: { type: string; typeAnnotation?: { type: string } } }) => {
      const inner = node.expression;
      if (inner.type === 'TSAsExpression' && inner.typeAnnotation?.type === 'TSUnknownKeyword' && !isTest(file.path))
        refuse(node, 'double cast', 'as unknown as', 'a schema, a narrowing or an assert');
    },
    CatchClause: (node: Span & { body: Span & { body: unknown[] } }) => {
      const says = /\/[/*]/.test(file.text.slice(node.body.start, node.body.end));
      if (node.body.body.length === 0 && !says)
        refuse(node, 'silent catch', 'catch {}', 'handle it, rethrow with cause, or say why it is nothing');
    },
  };
}

type Member = Span & { object: { type: string; name?: string }; property: { type: string; name?: string } };
type Call = Span & { callee: { type: string; name?: string } & Partial<Member>; arguments: unknown[] };

const SKIPS = /^(it|test|describe)\.(skip|only|todo|fails)$/;

function visitBehaviour(refuse: Refuse, file: SourceFile) {
  const deterministic = DETERMINISTIC.test(file.path);
  const subjects = (node: Span, text: unknown) => {
    if (typeof text === 'string' && /evs[.]v1[.]/.test(text) && !SPEAKS_SUBJECTS.test(file.path) && !isTestOnly(file.path))
      refuse(node, 'hand-made subject', text.slice(0, 40), 'subject.… or filter.… of @corridor/protocols/subject');
  };
  return {
    MemberExpression: (node: Member) => {
      const name = `${node.object.name}.${node.property.name}`;
      if (deterministic && /^(Date\.now|Math\.random|performance\.now|crypto\.randomUUID)$/.test(name))
        refuse(node, 'ambient time or chance', name, 'the clock or the generator that was passed in');
    },
    NewExpression: (node: Call) => {
      if (deterministic && node.callee.name === 'Date' && node.arguments.length === 0)
        refuse(node, 'ambient time or chance', 'new Date()', 'the clock that was passed in');
    },
    CallExpression: (node: Call) => {
      if (node.callee.name === 'mkdirSync' && !isTestOnly(file.path) && /recursive: true/.test(file.text.slice(node.start, node.end)))
        refuse(node, 'folder that is never made', 'mkdirSync(…, { recursive: true })', 'makeFolder: under /proc the other never returns');
      if (!isTest(file.path)) return;
      if (node.callee.name === 'setTimeout') refuse(node, 'sleep in a test', 'setTimeout', 'wait on an event or a state');
      const name = `${node.callee.object?.name}.${node.callee.property?.name}`;
      if (SKIPS.test(name))
        refuse(node, 'skipped test', name, 'fix or delete it; skipIf with one clear line when the machine lacks something');
    },
    Literal: (node: Span & { value?: unknown }) => subjects(node, node.value),
    TemplateElement: (node: Span & { value: { raw: string } }) => subjects(node, node.value.raw),
  };
}

/** What only the syntax tree can tell. */
export function refuseSource(file: SourceFile): Refusal[] {
  if (!isTypeScript(file.path)) return [];
  const { program, module, errors } = parseSync(file.path, file.text);
  const [broken] = errors;
  if (broken) return [{ path: file.path, line: 1, rule: 'syntax', found: broken.message, instead: 'TypeScript that parses' }];
  const refusals: Refusal[] = [];
  const refuse: Refuse = (node, rule, found, instead) =>
    void refusals.push({ path: file.path, line: lineAt(file.text, node.start), rule, found, instead });
  new Visitor({ ...visitShape(refuse, file), ...visitBehaviour(refuse, file) } as ConstructorParameters<typeof Visitor>[0]).visit(program);
  const reExports = module.staticExports.flatMap(({ entries }) => entries).filter(({ moduleRequest }) => moduleRequest !== null);
  const onlyReExports =
    program.body.length > 1 && program.body.every((node) => node.type === 'ExportNamedDeclaration' && node.source !== null);
  if (reExports.length > 1 && onlyReExports)
    refuse({ start: 0, end: 0 }, 'barrel', 'a file of re-exports', 'import by path where it is used');
  if (isTest(file.path) && module.staticImports.some(({ moduleRequest }) => moduleRequest.value === 'node:timers/promises'))
    refuse({ start: 0, end: 0 }, 'sleep in a test', 'node:timers/promises', 'wait on an event or a state');
  return refusals;
}
