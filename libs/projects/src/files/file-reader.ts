import { Problem } from '@adiuva/kernel';
import type { UserCipher } from '@adiuva/auth';
import type { Database } from '@adiuva/platform';
import type { FileEntry, ProjectFile } from '../project';
import type { FileRow, FileVersionRow } from '../projects.entities';
import { openContent, openContentBytes, openMeta, toEntry } from './file-encryption';
import { parseFilePath } from './file-path';
import { pathHash } from './file-writer.service';

const FILES = 'SELECT * FROM code_files WHERE project_id = $1 AND user_id = $2';
const VERSION = `SELECT f.meta AS file_meta, v.file_id, v.version, v.meta, v.created_at, octet_length(v.content) AS length FROM code_files f
  JOIN code_file_versions v ON v.file_id = f.id AND v.user_id = f.user_id AND v.version = coalesce($4, f.version)
  WHERE f.project_id = $1 AND f.user_id = $2 AND f.path_hash = $3`;
/** In pieces of base64: a `bytea` comes as hexadecimal text, and the driver makes a buffer of each row that the process keeps for longer than strings. */
const PIECES = `SELECT encode(substring(v.content FROM n FOR 32768), 'base64') AS piece
  FROM code_file_versions v CROSS JOIN generate_series(1, octet_length(v.content), 32768) n
  WHERE v.file_id = $1 AND v.version = $2 AND v.user_id = $3 ORDER BY n`;
const EARLIER = `SELECT v.file_id, v.version, v.meta FROM code_files f JOIN code_file_versions v ON v.file_id = f.id AND v.user_id = f.user_id
  WHERE f.project_id = $1 AND f.user_id = $2 AND v.version <> f.version ORDER BY v.file_id, v.version`;

type ReadRow = Omit<FileVersionRow, 'content' | 'stored_bytes'> & {
  readonly file_meta: Buffer;
  readonly length: number;
};
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
    const row = await this.sealed(path, version);
    const content = openContent(this.cipher, row);
    return {
      ...openMeta(this.cipher, 'code_file_versions', `${row.file_id}|${row.version}`, row.meta),
      content,
      sizeBytes: Buffer.byteLength(content),
      version: row.version,
      updatedAt: row.created_at,
    };
  }

  /** The UTF-8 of a version. Throws as `read`. */
  async readBytes(path: string, version: number): Promise<Buffer> {
    return openContentBytes(this.cipher, await this.sealed(path, version));
  }

  private async sealed(path: string, version?: number): Promise<ReadRow & { readonly content: Buffer }> {
    const hash = pathHash(this.cipher, this.projectId, parseFilePath(path));
    const values = [this.projectId, this.userId, hash, version ?? null];
    const [row] = await this.database.query<ReadRow>(VERSION, values);
    // The hash is that of all twins of the path.
    if (!row || openMeta(this.cipher, 'code_files', row.file_id, row.file_meta).path !== path) {
      throw new Problem('not_found');
    }
    const pieces = await this.database.query<{ piece: string }>(PIECES, [row.file_id, row.version, this.userId]);
    if (pieces.length === 0) throw new Problem('not_found');
    const content = Buffer.allocUnsafe(row.length);
    let offset = 0;
    for (const { piece } of pieces) offset += content.write(piece, offset, 'base64');
    return { ...row, content };
  }
}
