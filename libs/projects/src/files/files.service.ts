import { Injectable } from '@nestjs/common';
import { Problem, type Precondition, type Principal } from '@adiuva/kernel';
import { UserEncryption } from '@adiuva/auth';
import { Database } from '@adiuva/platform';
import { Quota } from '@adiuva/quota';
import type { ChangedFile, FileEntry, FileWrite, ProjectFile } from '../project';
import type { FileRow } from '../projects.entities';
import { toEntry } from './file-encryption';
import { parseFilePath } from './file-path';
import { FileReader } from './file-reader';
import { FileWriter, pathHash } from './file-writer.service';

const PROJECT = 'SELECT 1 FROM code_projects WHERE id = $1 AND user_id = $2';
const LOCK_FILE = `SELECT * FROM code_files WHERE project_id = $1 AND user_id = $2 AND path_hash = $3 FOR NO KEY UPDATE`;
const DROP_VERSION = `WITH gone AS (DELETE FROM code_file_versions WHERE file_id = $1 AND user_id = $2 AND version = $3 RETURNING stored_bytes)
  SELECT stored_bytes FROM gone`;

/** The virtual files of a project, each with its last 20 versions. */
@Injectable()
export class ProjectFiles {
  constructor(
    private readonly database: Database,
    private readonly encryption: UserEncryption,
    private readonly quota: Quota,
    private readonly writer: FileWriter,
  ) {}

  /** Throws `not_found` for the project. */
  async reader({ userId }: Pick<Principal, 'userId'>, projectId: string): Promise<FileReader> {
    const rows = await this.database.query(PROJECT, [projectId, userId]);
    if (rows.length === 0) throw new Problem('not_found');
    return new FileReader(this.database, await this.encryption.open(userId), userId, projectId);
  }

  /** Sorted by path. `prefix` is the start of a path as text. */
  async list(owner: Principal, projectId: string, prefix = ''): Promise<FileEntry[]> {
    const files = await (await this.reader(owner, projectId)).list();
    return files.filter(({ path }) => path.startsWith(prefix));
  }

  /** The current version, or the one that is named. Throws `not_found`, `invalid_path`. */
  async read(owner: Principal, projectId: string, path: string, version?: number): Promise<ProjectFile> {
    return (await this.reader(owner, projectId)).read(path, version);
  }

  /** Throws what `FileWriter.apply` throws. */
  async write(owner: Principal, projectId: string, file: FileWrite): Promise<ChangedFile> {
    this.quota.assertIncluded(owner, 'files');
    const cipher = await this.encryption.open(owner.userId);
    const [changed] = await this.database.transaction((tx) =>
      this.writer.apply(tx, cipher, { owner, projectId }, [file]),
    );
    if (!changed) throw new Error('a change has a result');
    return changed;
  }

  /** The file with all its versions. Throws `precondition_failed` where `expected` does not hold. */
  async delete(owner: Principal, projectId: string, path: string, expected: Precondition): Promise<void> {
    const cipher = await this.encryption.open(owner.userId);
    await this.database.transaction((tx) =>
      this.writer.apply(tx, cipher, { owner, projectId }, [{ path, content: null, expected }]),
    );
  }

  /** One version that is kept. Throws `conflict` for the current one. */
  async deleteVersion(owner: Principal, projectId: string, path: string, version: number): Promise<void> {
    const cipher = await this.encryption.open(owner.userId);
    const hash = pathHash(cipher, projectId, parseFilePath(path));
    await this.database.transaction(async (tx) => {
      await this.quota.lock(tx, owner);
      const [row] = await tx.query<FileRow[]>(LOCK_FILE, [projectId, owner.userId, hash]);
      if (!row || toEntry(cipher, row).path !== path) throw new Problem('not_found');
      if (row.version === version) throw new Problem('conflict', { detail: 'This is the current version' });
      const [gone] = await tx.query<{ stored_bytes: number }[]>(DROP_VERSION, [row.id, owner.userId, version]);
      if (!gone) throw new Problem('not_found');
      await this.quota.charge(tx, owner, 'files', { bytes: -gone.stored_bytes, count: 0 });
    });
  }
}
