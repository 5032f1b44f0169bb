import { type Signal, signal } from '@preact/signals';

interface Name {
  name: string;
  nameZh: string;
}

/** Names of the principals and of people, read once after signing in; an id without a known name stands for itself. */
export class NameStore {
  private readonly names: Signal<ReadonlyMap<string, Name>> = signal(new Map());
  private readonly people: Signal<ReadonlyMap<string, Name>> = signal(new Map());

  /** Takes what `/api/v1/principals` answered: a list, or a page of one. Entries without id and name are skipped. */
  take(answer: unknown): void {
    this.names.value = namesOf(answer);
  }

  /** Takes people that are known by name: those of the embedded issuer. An OIDC provider lists nobody. */
  takePeople(list: unknown): void {
    this.people.value = namesOf(list);
  }

  /** Ids with a known name, in order. */
  ids(): string[] {
    return [...this.names.value.keys()].sort();
  }

  nameOf(id: string, chinese: boolean): string {
    return nameIn(this.names.value, id, chinese) ?? id;
  }

  /** null: nobody of that id is known by name. */
  personOf(userId: string, chinese: boolean): string | null {
    return nameIn(this.people.value, userId, chinese);
  }
}

function nameIn(names: ReadonlyMap<string, Name>, id: string, chinese: boolean): string | null {
  const known = names.get(id);
  if (known === undefined) return null;
  return chinese ? known.nameZh : known.name;
}

function namesOf(answer: unknown): Map<string, Name> {
  const list = Array.isArray(answer) ? answer : isRecord(answer) && Array.isArray(answer['items']) ? answer['items'] : [];
  const names = new Map<string, Name>();
  for (const entry of list as unknown[]) {
    if (!isRecord(entry) || typeof entry['id'] !== 'string' || typeof entry['name'] !== 'string') continue;
    const nameZh = entry['nameZh'] ?? entry['name_zh'];
    names.set(entry['id'], { name: entry['name'], nameZh: typeof nameZh === 'string' ? nameZh : entry['name'] });
  }
  return names;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
