import { Problem } from '@adiuva/kernel';
import type { UserCipher } from '@adiuva/auth';
import type { Database } from '@adiuva/platform';
import type { FileEntry, ProjectFile } from '../project';
import type { FileRow, FileVersionRow } from '../projects.entities';
import { openContent, openMeta, toEntry } from './file-encryption';
import { parseFilePath } from './file-path';
import { pathHash } from './file-writer.service';

const FILES = 'SELECT * FROM code_files WHERE project_id = $1 AND user_id = $2';
const VERSION = `SELECT f.meta AS file_meta, v.* FROM code_files f
  JOIN code_file_versions v ON v.file_id = f.id AND v.user_id = f.user_id AND v.version = coalesce($4, f.version)
  WHERE f.project_id = $1 AND f.user_id = $2 AND f.path_hash = $3`;
const EARLIER = `SELECT v.file_id, v.version, v.meta FROM code_files f JOIN code_file_versions v ON v.file_id = f.id AND v.user_id = f.user_id
  WHERE f.project_id = $1 AND f.user_id = $2 AND v.version <> f.version ORDER BY v.file_id, v.version`;

type EarlierRow = Pick<FileVersionRow, 'file_id' | 'version' | 'meta'>;

/** Reads files of one project with one cipher and a statement for each file. For the length of a request or a step. */
export class FileReader {
  constructor(
    private readonly database: Database,
    private readonly cipher: UserCipher,
    private readonly userId: string,
    private readonly projectId: string,
  ) {}

  /** Sorted by path. */
  async list(): Promise<FileEntry[]> {
    const rows = await this.database.query<FileRow>(FILES, [this.projectId, this.userId]);
    return rows.map((row) => toEntry(this.cipher, row)).sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Those that are kept beside the current ones. */
  async earlierVersions(): Promise<Pick<FileEntry, 'path' | 'version'>[]> {
    const rows = await this.database.query<EarlierRow>(EARLIER, [this.projectId, this.userId]);
    return rows.map(({ file_id: id, version, meta }) => ({
      path: openMeta(this.cipher, 'code_file_versions', `${id}|${version}`, meta).path,
      version,
    }));
  }

  /** The current version, or the one that is named. Throws `not_found`, `invalid_path`. */
  async read(path: string, version?: number): Promise<ProjectFile> {
    const hash = pathHash(this.cipher, this.projectId, parseFilePath(path));
    const values = [this.projectId, this.userId, hash, version ?? null];
    const [row] = await this.database.query<FileVersionRow & { file_meta: Buffer }>(VERSION, values);
    // The hash is that of all twins of the path.
    if (!row || openMeta(this.cipher, 'code_files', row.file_id, row.file_meta).path !== path) {
      throw new Problem('not_found');
    }
    const content = openContent(this.cipher, row);
    return {
      ...openMeta(this.cipher, 'code_file_versions', `${row.file_id}|${row.version}`, row.meta),
      content,
      sizeBytes: Buffer.byteLength(content),
      version: row.version,
      updatedAt: row.created_at,
    };
  }
}
