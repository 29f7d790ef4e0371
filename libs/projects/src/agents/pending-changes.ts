import { ToolArgumentsError } from '@adiuva/agents';
import type { FileChange } from '../project';
import { applied, type Edit } from './text-edit';

const MAX_CHANGES = 200;

/** What a step does to one file; `base` is the version that it has seen, 0 for none. Edits alone can be applied to a later version. */
export interface PendingChange {
  readonly base: number;
  readonly content: string | null;
  readonly edits: readonly Edit[] | undefined;
}

/** The changes of a step until it ends, one for each path. */
export class PendingChanges {
  private readonly byPath = new Map<string, PendingChange>();

  get(path: string): PendingChange | undefined {
    return this.byPath.get(path);
  }

  get all(): readonly (readonly [path: string, change: PendingChange])[] {
    return [...this.byPath];
  }

  /** For the transaction that ends the step: removals first, whose paths others may take. */
  get fileChanges(): FileChange[] {
    const changes = this.all.map(([path, { base, content, edits }]): FileChange =>
      content === null
        ? { path, content, expected: [base] }
        : { path, content, expected: [base], ...(edits ? { merge: (current) => applied(current, edits) } : {}) },
    );
    const isRemoval = ({ content }: FileChange): boolean => content === null;
    return [...changes.filter(isRemoval), ...changes.filter((change) => !isRemoval(change))];
  }

  write(path: string, base: number, content: string): void {
    this.put(path, { base, content, edits: undefined });
  }

  /** `content` is that after the edit. */
  edit(path: string, base: number, content: string, edit: Edit): void {
    const before = this.byPath.get(path);
    const edits = before && !before.edits ? undefined : [...(before?.edits ?? []), edit];
    this.put(path, { base, content, edits });
  }

  remove(path: string, base: number): void {
    if (base === 0) this.byPath.delete(path);
    else this.put(path, { base, content: null, edits: undefined });
  }

  private put(path: string, change: PendingChange): void {
    if (!this.byPath.has(path) && this.byPath.size >= MAX_CHANGES)
      throw new ToolArgumentsError(`One step changes at most ${MAX_CHANGES} files`);
    this.byPath.set(path, change);
  }
}
