import { type Signal, signal } from '@preact/signals';

interface Name {
  name: string;
  nameZh: string;
}

/** Names of the principals, read once after signing in; an id without a known name stands for itself. */
export class NameStore {
  private readonly names: Signal<ReadonlyMap<string, Name>> = signal(new Map());

  /** Takes what `/api/v1/principals` answered: a list, or a page of one. Entries without id and name are skipped. */
  take(answer: unknown): void {
    const list = Array.isArray(answer) ? answer : isRecord(answer) && Array.isArray(answer['items']) ? answer['items'] : [];
    const names = new Map<string, Name>();
    for (const entry of list as unknown[]) {
      if (!isRecord(entry) || typeof entry['id'] !== 'string' || typeof entry['name'] !== 'string') continue;
      const nameZh = entry['nameZh'] ?? entry['name_zh'];
      names.set(entry['id'], { name: entry['name'], nameZh: typeof nameZh === 'string' ? nameZh : entry['name'] });
    }
    this.names.value = names;
  }

  /** Ids with a known name, in order. */
  ids(): string[] {
    return [...this.names.value.keys()].sort();
  }

  nameOf(id: string, chinese: boolean): string {
    const known = this.names.value.get(id);
    if (known === undefined) return id;
    return chinese ? known.nameZh : known.name;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
