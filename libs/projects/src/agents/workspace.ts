import { z } from 'zod';
import { Problem } from '@adiuva/kernel';
import { ToolArgumentsError, type JournalEntry } from '@adiuva/agents';
import { clashOf, parseFilePath } from '../files/file-path';
import { isFileText, MAX_FILES } from '../files/file-writer.service';
import type { FileChange, FileEntry, ProjectFile, RequirementsSpec } from '../project';
import { PendingChanges } from './pending-changes';
import { recordedCalls } from './recorded-calls';
import { applied } from './text-edit';

const MAX_LISTED = 500;
const MAX_READ = 40_000;
const MAX_SEARCHED_BYTES = 8 * 1_048_576;
const MAX_MATCHES = 50;
const MAX_MATCH_LENGTH = 300;

/** The files of one project, as agents reach them. */
export interface FileSource {
  list(): Promise<FileEntry[]>;
  /** Throws `not_found`, `invalid_path`. */
  read(path: string, version?: number): Promise<ProjectFile>;
}

const Written = z.object({ path: z.string(), content: z.string() });
const Edited = z.object({ path: z.string(), old_text: z.string(), new_text: z.string() });
const Removed = z.object({ path: z.string() });
const Requirements = z.object({ requirements_spec: z.string() });
const Outcome = z.object({ base_version: z.number() });
const Shown = z.object({ path: z.string(), version: z.number(), content: z.string() });

/** The changes of one step over the files of the project; nothing is written before the step ends. */
export class Workspace {
  private readonly pending = new PendingChanges();
  /** The version of each file that was read last; a change is made on it, whatever was written since. */
  private readonly seen = new Map<string, number>();
  private entries: FileEntry[] | undefined;
  private spec: RequirementsSpec | undefined;

  constructor(private readonly source: FileSource) {}

  get requirements(): RequirementsSpec | undefined {
    return this.spec;
  }

  get changes(): readonly { path: string; change: 'created' | 'updated' | 'deleted' }[] {
    return this.pending.all.map(([path, { base, content }]) => ({
      path,
      change: content === null ? 'deleted' : base === 0 ? 'created' : 'updated',
    }));
  }

  /** For the transaction that ends the step. */
  get fileChanges(): FileChange[] {
    return this.pending.fileChanges;
  }

  async list(prefix = ''): Promise<unknown> {
    const files = (await this.paths()).filter(({ path }) => path.startsWith(prefix));
    return { count: files.length, files: files.slice(0, MAX_LISTED) };
  }

  async read(path: string, fromLine = 1): Promise<unknown> {
    const { content, base } = await this.current(path);
    if (!this.pending.get(path)) this.seen.set(path, base);
    const lines = content.split('\n');
    const wanted = lines.slice(fromLine - 1).join('\n');
    if (wanted.length <= MAX_READ) return { path, version: base, lines: lines.length, content: wanted };
    const end = wanted.lastIndexOf('\n', MAX_READ);
    // A line that is longer than a part is cut, or nothing after it could be read.
    const text = end < 0 ? wanted.slice(0, MAX_READ).replace(/[\ud800-\udbff]$/, '') : wanted.slice(0, end);
    const next = fromLine + text.split('\n').length;
    const more = next <= lines.length ? { next_line: next } : {};
    return {
      path,
      version: base,
      lines: lines.length,
      content: text,
      ...more,
      ...(end < 0 ? { line_is_cut: true } : {}),
    };
  }

  /** Lines that contain a text, whatever its case; up to 8 MiB of files are searched. */
  async search(text: string, prefix = ''): Promise<unknown> {
    const wanted = text.toLowerCase();
    const matches: { path: string; line: number; text: string }[] = [];
    let searched = 0;
    for (const { path, size_bytes } of await this.paths()) {
      if (!path.startsWith(prefix)) continue;
      searched += size_bytes;
      if (searched > MAX_SEARCHED_BYTES || matches.length >= MAX_MATCHES) return { matches, complete: false };
      const found = await this.find(path);
      if (!found) continue;
      for (const [index, line] of found.content.split('\n').entries()) {
        if (matches.length < MAX_MATCHES && line.toLowerCase().includes(wanted))
          matches.push({ path, line: index + 1, text: line.slice(0, MAX_MATCH_LENGTH) });
      }
    }
    return { matches, complete: true };
  }

  async write(path: string, content: string): Promise<unknown> {
    const base = await this.baseOf(path);
    await this.assertFree(path);
    this.pending.write(path, base, content);
    return { path, base_version: base };
  }

  /** Replaces a text that occurs exactly once. */
  async edit(path: string, old: string, replacement: string): Promise<unknown> {
    const { content, base } = await this.current(path);
    const edit = { old, replacement };
    const changed = applied(content, [edit]);
    if (changed === undefined) throw new ToolArgumentsError('old_text must occur exactly once in the file');
    if (!isFileText(changed)) throw new ToolArgumentsError('The file would have more than 1 MiB or be no Unicode text');
    this.pending.edit(path, base, changed, edit);
    return { path, base_version: base };
  }

  async remove(path: string): Promise<unknown> {
    const base = await this.baseOf(path);
    if (this.pending.get(path)?.content === null || (base === 0 && !this.pending.get(path)))
      throw new ToolArgumentsError('There is no such file');
    this.pending.remove(path, base);
    return { path, base_version: base };
  }

  setRequirements(spec: string): unknown {
    this.spec = spec;
    return { ok: true };
  }

  /** Whether a file has another version than a change was made on, and the change cannot be made there too. */
  async isOutdated(): Promise<boolean> {
    const versions = new Map((await this.source.list()).map(({ path, version }) => [path, version]));
    for (const [path, { base, edits }] of this.pending.all) {
      if ((versions.get(path) ?? 0) === base) continue;
      const current = edits && (await this.source.read(path).catch(absent));
      const merged = current && applied(current.content, edits);
      if (merged === undefined || !isFileText(merged)) return true;
    }
    return false;
  }

  /**
   * Makes the changes that an earlier attempt recorded, on the versions that it saw. `names` are the tools that it had: a call of any other
   * has no result in the journal. False where a version is gone.
   */
  async replay(entries: readonly JournalEntry[], names: ReadonlySet<string>): Promise<boolean> {
    for (const { result, ...call } of recordedCalls(entries, names)) {
      if (!(await this.replayCall(call, result))) return false;
    }
    return true;
  }

  private async replayCall({ name, args }: { name: string; args: unknown }, result: unknown): Promise<boolean> {
    if (name === 'update_requirements') {
      const spec = Requirements.safeParse(args);
      if (spec.success && !isError(result)) this.spec = spec.data.requirements_spec;
      return true;
    }
    if (name === 'read_file') {
      const shown = Shown.safeParse(result);
      if (shown.success && !this.pending.get(shown.data.path)) this.seen.set(shown.data.path, shown.data.version);
      return true;
    }
    const outcome = Outcome.safeParse(result);
    if (!outcome.success) return true;
    const base = outcome.data.base_version;
    if (name === 'write_file') {
      const { path, content } = Written.parse(args);
      this.pending.write(path, base, content);
    } else if (name === 'edit_file') {
      return this.replayEdit(Edited.parse(args), base);
    } else if (name === 'delete_file') {
      this.pending.remove(Removed.parse(args).path, base);
    }
    return true;
  }

  private async replayEdit(
    { path, old_text: old, new_text: replacement }: z.infer<typeof Edited>,
    base: number,
  ): Promise<boolean> {
    const edit = { old, replacement };
    const content = this.pending.get(path)?.content ?? (await this.source.read(path, base).catch(absent))?.content;
    const changed = content === undefined ? undefined : applied(content, [edit]);
    if (changed === undefined) return false;
    this.pending.edit(path, base, changed, edit);
    return true;
  }

  private async paths(): Promise<{ path: string; language: string; size_bytes: number }[]> {
    this.entries ??= await this.source.list();
    const files = new Map(
      this.entries.map(({ path, language, sizeBytes }) => [path, { path, language, size_bytes: sizeBytes }]),
    );
    for (const [path, { content }] of this.pending.all) {
      if (content === null) files.delete(path);
      else
        files.set(path, {
          path,
          language: files.get(path)?.language ?? 'text',
          size_bytes: Buffer.byteLength(content),
        });
    }
    return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  private async baseOf(path: string): Promise<number> {
    checked(path);
    const known = this.pending.get(path);
    if (known) return known.base;
    const seen = this.seen.get(path);
    if (seen !== undefined) return seen;
    this.entries ??= await this.source.list();
    return this.entries.find((entry) => entry.path === path)?.version ?? 0;
  }

  /** Tells the model what would make the whole step fail at its end. */
  private async assertFree(path: string): Promise<void> {
    const paths = (await this.paths()).map((file) => file.path);
    if (paths.includes(path)) return;
    if (paths.length >= MAX_FILES) throw new ToolArgumentsError(`A project has at most ${MAX_FILES} files`);
    const clash = clashOf(path, paths);
    if (clash !== undefined) throw new ToolArgumentsError(clash);
  }

  private async current(path: string): Promise<{ content: string; base: number }> {
    checked(path);
    const found = await this.find(path);
    if (!found) throw new ToolArgumentsError('There is no such file');
    return found;
  }

  private async find(path: string): Promise<{ content: string; base: number } | undefined> {
    const known = this.pending.get(path);
    if (known) return known.content === null ? undefined : { content: known.content, base: known.base };
    const file = await this.source.read(path).catch(absent);
    return file && { content: file.content, base: file.version };
  }
}

/** A file that is not there, or a version that is no longer kept. */
export function absent(error: unknown): undefined {
  if (!(error instanceof Problem) || error.code !== 'not_found') throw error;
  return undefined;
}

function checked(path: string): void {
  try {
    parseFilePath(path);
  } catch (error) {
    throw error instanceof Problem ? new ToolArgumentsError(error.message) : error;
  }
}

function isError(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'error' in result;
}
