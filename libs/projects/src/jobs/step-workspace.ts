import type { JournalEntry } from '@adiuva/agents';
import { Workspace, type FileSource } from '../agents/workspace';
import type { FileReader } from '../files/file-reader';
import type { FileEntry, ProjectFile } from '../project';

/** The files of a project, whose contents are texts of the user: an agent may repeat them. */
export class SourceTexts implements FileSource {
  private texts: string[] = [];
  onRead = (texts: readonly string[]): void => void this.texts.push(...texts);

  constructor(private readonly reader: FileReader) {}

  list = (): Promise<FileEntry[]> => this.reader.list();

  read = async (path: string, version?: number): Promise<ProjectFile> => {
    const file = await this.reader.read(path, version);
    this.onRead([file.content]);
    return file;
  };

  takeTexts(): readonly string[] {
    const { texts } = this;
    this.texts = [];
    return texts;
  }
}

/** With the changes that an earlier attempt recorded; undefined where files were changed so that they cannot be made any more. */
export async function replayedWorkspace(
  files: FileSource,
  entries: readonly JournalEntry[],
  names: ReadonlySet<string>,
): Promise<Workspace | undefined> {
  const workspace = new Workspace(files);
  if (entries.length === 0) return workspace;
  return (await workspace.replay(entries, names)) && !(await workspace.isOutdated()) ? workspace : undefined;
}
