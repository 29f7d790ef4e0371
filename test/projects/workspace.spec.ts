import { Problem } from '@adiuva/kernel';
import type { JournalEntry } from '@adiuva/agents';
import { HOSTILE_PATHS } from './hostile-paths';
import { Workspace, type FileSource } from '../../libs/projects/src/agents/workspace';

/** Files by path, each with all its versions. */
class Files implements FileSource {
  private readonly files = new Map<string, string[]>();

  write(path: string, content: string): void {
    this.files.set(path, [...(this.files.get(path) ?? []), content]);
  }

  delete(path: string): void {
    this.files.delete(path);
  }

  list = () => Promise.resolve([...this.files.keys()].map((path) => this.entry(path)));

  read = (path: string, version = this.files.get(path)?.length ?? 0) => {
    const content = this.files.get(path)?.[version - 1];
    return content === undefined
      ? Promise.reject(new Problem('not_found'))
      : Promise.resolve({ ...this.entry(path), version, content });
  };

  private entry(path: string) {
    const versions = this.files.get(path) ?? [];
    const sizeBytes = Buffer.byteLength(versions.at(-1) ?? '');
    return { path, language: 'text', sizeBytes, checksum: '', version: versions.length, updatedAt: new Date() };
  }
}

const called = (calls: readonly [name: string, args: unknown][], results: readonly unknown[]): JournalEntry[] => [
  {
    kind: 'reply',
    text: '',
    calls: calls.map(([name, args], index) => ({ id: `call-${index}`, name, args })),
    usage: { inputTokens: 1, outputTokens: 1 },
    finishReason: 'stop',
  },
  ...results.flatMap((result, index): JournalEntry[] => [
    { kind: 'id', id: `id-${index}` },
    { kind: 'server', result },
  ]),
];

describe('the changes of one step', () => {
  let files: Files;
  let workspace: Workspace;
  beforeEach(() => {
    files = new Files();
    workspace = new Workspace(files);
  });

  it('are made on the version that was read, even where a later one was written before the change', async () => {
    files.write('a.ts', 'one');
    await workspace.read('a.ts');
    files.write('a.ts', 'theirs');
    expect(await workspace.write('a.ts', 'mine')).toEqual({ path: 'a.ts', base_version: 1 });
    await workspace.read('a.ts');
    const replayed = new Workspace(files);
    const read = called([['read_file', { path: 'a.ts' }]], [{ path: 'a.ts', version: 1, lines: 1, content: 'one' }]);
    expect(await replayed.replay(read, new Set(['read_file', 'write_file']))).toBe(true);
    expect(await replayed.write('a.ts', 'mine')).toEqual({ path: 'a.ts', base_version: 1 });
  });

  it('are not made on a version that was not seen because the list of files is older than it', async () => {
    files.write('a.ts', 'one');
    await workspace.list();
    files.write('a.ts', 'two');
    expect(await workspace.read('a.ts')).toMatchObject({ version: 2 });
    expect(await workspace.write('a.ts', 'mine')).toEqual({ path: 'a.ts', base_version: 2 });
  });

  it('refuse paths that cannot be together, as the step would fail by them', async () => {
    files.write('a.ts', '1');
    files.write('Straße', '1');
    await expect(workspace.write('A.ts', 'x')).rejects.toThrow('another case');
    await expect(workspace.write('STRASSE', 'x')).rejects.toThrow('another case');
    await expect(workspace.write('a.ts/b', 'x')).rejects.toThrow('a folder');
    await workspace.write('c/d', 'x');
    await expect(workspace.write('C', 'x')).rejects.toThrow('a folder');
    await expect(workspace.write('c/D', 'x')).rejects.toThrow('another case');
    await workspace.edit('a.ts', '1', '2');
    await workspace.remove('a.ts');
    await workspace.write('a.ts/b', 'x');
    await expect(workspace.write('a.ts', 'x')).rejects.toThrow('a folder');
    expect(workspace.fileChanges.map(({ path }) => path)).toEqual(['a.ts', 'c/d', 'a.ts/b']);
    await workspace.remove('c/d');
    await workspace.write('C', 'x');
  });

  it('remove files first, whose paths others take', async () => {
    files.write('b', '1');
    await workspace.write('a', 'x');
    await workspace.remove('b');
    await workspace.write('B', 'x');
    expect(workspace.fileChanges.map(({ path, content }) => [path, content])).toEqual([
      ['b', null],
      ['a', 'x'],
      ['B', 'x'],
    ]);
  });

  it('add no file beyond 2,000', async () => {
    for (let index = 0; index < 2_000; index += 1) files.write(`f${index}`, '');
    await expect(workspace.write('one-more', '')).rejects.toThrow('2000');
    await workspace.remove('f0');
    await workspace.write('one-more', '');
  });

  it('refuse hostile paths, so that a model reads why', async () => {
    for (const path of HOSTILE_PATHS) {
      for (const call of [
        workspace.write(path, 'x'),
        workspace.edit(path, 'x', 'y'),
        workspace.remove(path),
        workspace.read(path),
      ])
        await expect(call).rejects.toThrow(/^The path /);
    }
    expect(workspace.changes).toEqual([]);
  });

  it('are those of at most 200 files', async () => {
    for (let index = 0; index < 200; index += 1) await workspace.write(`${index}`, 'x');
    await expect(workspace.write('more', 'x')).rejects.toThrow('One step changes at most 200 files');
    await workspace.write('0', 'y');
  });

  it('leave no file too long or no Unicode by an edit', async () => {
    files.write('a', 'a😀b');
    await expect(workspace.edit('a', 'b', 'x'.repeat(1_048_576))).rejects.toThrow('1 MiB');
    await expect(workspace.edit('a', '\ud83d', '')).rejects.toThrow('Unicode');
    expect(workspace.fileChanges).toEqual([]);
  });

  it('are replayed where a model called a tool that its phase does not have', async () => {
    files.write('old', '1');
    const journal = called(
      [
        ['delete_file', { path: 'old' }],
        ['write_file', { path: 'a', content: 'A' }],
        ['no_such_tool', {}],
        ['write_file', { path: 'b', content: 'B' }],
      ],
      [
        { path: 'a', base_version: 0 },
        { path: 'b', base_version: 0 },
      ],
    );
    expect(await workspace.replay(journal, new Set(['write_file', 'edit_file']))).toBe(true);
    expect(workspace.fileChanges.map(({ path, content }) => [path, content])).toEqual([
      ['a', 'A'],
      ['b', 'B'],
    ]);
  });

  it('are outdated where an edit cannot be made on the version of now', async () => {
    files.write('a', 'one two');
    await workspace.edit('a', 'two', 'TWO');
    files.write('a', 'ONE two');
    expect(await workspace.isOutdated()).toBe(false);
    files.write('a', 'ONE three');
    expect(await workspace.isOutdated()).toBe(true);
    files.delete('a');
    expect(await workspace.isOutdated()).toBe(true);
  });
});

describe('what a step reads', () => {
  it('goes on behind a line that is longer than a part', async () => {
    const files = new Files();
    files.write('long', `first\n${'😀'.repeat(30_000)}\nlast`);
    const workspace = new Workspace(files);
    expect(await workspace.read('long')).toMatchObject({ content: 'first', next_line: 2 });
    expect(await workspace.read('long', 2)).toMatchObject({
      content: '😀'.repeat(20_000),
      next_line: 3,
      line_is_cut: true,
    });
    expect(await workspace.read('long', 3)).toEqual({ path: 'long', version: 1, lines: 3, content: 'last' });
  });

  it('leaves out of a search what was deleted since the files were listed', async () => {
    const files = new Files();
    files.write('a', 'x');
    files.write('b', 'x');
    const workspace = new Workspace(files);
    await workspace.list();
    files.delete('a');
    expect(await workspace.search('x')).toEqual({ matches: [{ path: 'b', line: 1, text: 'x' }], complete: true });
  });
});
