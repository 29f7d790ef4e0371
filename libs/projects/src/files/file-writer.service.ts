import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { invalidField, newId, Problem, satisfies, type Precondition, type Principal } from '@adiuva/kernel';
import type { UserCipher } from '@adiuva/auth';
import type { Tx } from '@adiuva/platform';
import { Quota } from '@adiuva/quota';
import type { ChangedFile, FileChange, FileWrite } from '../project';
import type { FileRow, FileVersionRow } from '../projects.entities';
import { openContent, openMeta, sealContent, sealMeta } from './file-encryption';
import { foldersOf, foldPath, parseFilePath } from './file-path';
import { languageOf } from './language';

export const MAX_FILE_BYTES = 1_048_576;
export const MAX_FILES = 2_000;
export const VERSIONS_KEPT = 20;

const ILL_FORMED = /\p{Surrogate}/u;

const LOCK_PROJECT = `SELECT file_count, deleted_version FROM code_projects WHERE id = $1 AND user_id = $2 FOR NO KEY UPDATE`;
const UPDATE_PROJECT = `UPDATE code_projects SET file_count = $3, deleted_version = $4, updated_at = now() WHERE id = $1 AND user_id = $2`;
const FIND = 'SELECT * FROM code_files WHERE project_id = $1 AND user_id = $2 AND path_hash = $3';
/** A file where this path has a folder, or a folder where this path has its file. */
const CLASH = `SELECT 1 FROM code_files WHERE project_id = $1 AND user_id = $2
  AND (path_hash = ANY ($4::bytea[]) OR folder_hashes @> ARRAY[$3::bytea]) LIMIT 1`;
const INSERT_FILE = `INSERT INTO code_files (id, project_id, user_id, path_hash, folder_hashes, meta, size_bytes, version)
  VALUES ($1, $2, $3, $4, $5::bytea[], $6, $7, $8)`;
const UPDATE_FILE = `UPDATE code_files SET meta = $3, size_bytes = $4, version = version + 1, updated_at = now()
  WHERE id = $1 AND user_id = $2`;
const INSERT_VERSION = `INSERT INTO code_file_versions (file_id, version, user_id, meta, content, stored_bytes) VALUES ($1, $2, $3, $4, $5, $6)`;
const DROP_VERSIONS = `WITH gone AS (DELETE FROM code_file_versions WHERE file_id = $1 AND user_id = $2 AND version <= $3 RETURNING stored_bytes)
  SELECT coalesce(sum(stored_bytes), 0) AS bytes FROM gone`;
const CURRENT = 'SELECT * FROM code_file_versions WHERE file_id = $1 AND user_id = $2 AND version = $3';
const DROP_FILE = 'DELETE FROM code_files WHERE id = $1 AND user_id = $2';

interface Target {
  readonly tx: Tx;
  readonly cipher: UserCipher;
  readonly userId: string;
  readonly projectId: string;
  /** The highest version that a deleted file of the project had: a new file starts after it, so that no `If-Match` of a deleted file holds. */
  deletedVersion: number;
}

interface Located {
  readonly path: string;
  readonly hash: Buffer;
  readonly row: FileRow | undefined;
}

/** Changes files of a project, all or none. */
@Injectable()
export class FileWriter {
  constructor(private readonly quota: Quota) {}

  /**
   * In the order of the changes. Throws `invalid_path`, `validation_failed` for a text that is too long or no Unicode, `conflict` for a twin by
   * case or form, a file in the place of a folder and beyond 2,000 files, `precondition_failed` for another version than the expected one,
   * `not_found` for the project and for a removal of what is not there, `quota_exceeded`, `upgrade_required`.
   */
  async apply(
    tx: Tx,
    cipher: UserCipher,
    { owner, projectId }: { owner: Principal; projectId: string },
    changes: readonly FileChange[],
  ): Promise<ChangedFile[]> {
    for (const { content } of changes) if (content !== null) assertText(content);
    await this.quota.lock(tx, owner);
    const [project] = await tx.query<{ file_count: number; deleted_version: number }[]>(LOCK_PROJECT, [
      projectId,
      owner.userId,
    ]);
    if (!project) throw new Problem('not_found');
    const target = { tx, cipher, userId: owner.userId, projectId, deletedVersion: project.deleted_version };
    const changed: ChangedFile[] = [];
    let bytes = 0;
    let count = 0;
    for (const change of changes) {
      const located = await locate(target, change.path);
      const content = await contentOf(target, located, change);
      if (content === null) {
        bytes -= await remove(target, located);
        count -= 1;
        changed.push({ path: located.path, version: 0, language: '', created: false });
        continue;
      }
      const written = await write(target, located, {
        content,
        language: change.content === null ? undefined : change.language,
      });
      bytes += written.bytes;
      count += written.created ? 1 : 0;
      if (project.file_count + count > MAX_FILES) {
        throw new Problem('conflict', { detail: `A project has at most ${MAX_FILES} files` });
      }
      changed.push({
        path: located.path,
        version: written.version,
        language: written.language,
        created: written.created,
      });
    }
    await tx.query(UPDATE_PROJECT, [projectId, owner.userId, project.file_count + count, target.deletedVersion]);
    await this.quota.charge(tx, owner, 'files', { bytes, count });
    return changed;
  }
}

async function locate({ tx, cipher, userId, projectId }: Target, text: string): Promise<Located> {
  const path = parseFilePath(text);
  const hash = pathHash(cipher, projectId, path);
  const [row] = await tx.query<FileRow[]>(FIND, [projectId, userId, hash]);
  if (row && openMeta(cipher, 'code_files', row.id, row.meta).path !== path) {
    throw new Problem('conflict', { detail: 'A file has this path in another case or Unicode form' });
  }
  return { path, hash, row };
}

async function write(
  target: Target,
  { path, hash, row }: Located,
  { content, language = languageOf(path) }: Pick<FileWrite, 'content' | 'language'>,
): Promise<{ version: number; language: string; created: boolean; bytes: number }> {
  const { tx, cipher, userId, projectId } = target;
  const bytes = Buffer.from(content, 'utf8');
  const meta = { path, language, checksum: createHash('sha256').update(bytes).digest('hex') };
  const id = row?.id ?? newId();
  const version = (row?.version ?? target.deletedVersion) + 1;
  if (row) {
    await tx.query(UPDATE_FILE, [id, userId, sealMeta(cipher, 'code_files', id, meta), bytes.length]);
  } else {
    const folders = foldersOf(path).map((folder) => pathHash(cipher, projectId, folder));
    const clashes = await tx.query<unknown[]>(CLASH, [projectId, userId, hash, folders]);
    if (clashes.length > 0) throw new Problem('conflict', { detail: 'A file and a folder cannot have the same path' });
    const sealed = sealMeta(cipher, 'code_files', id, meta);
    await tx.query(INSERT_FILE, [id, projectId, userId, hash, folders, sealed, bytes.length, version]);
  }
  const sealed = sealContent(cipher, id, version, bytes);
  const versionMeta = sealMeta(cipher, 'code_file_versions', `${id}|${version}`, meta);
  await tx.query(INSERT_VERSION, [id, version, userId, versionMeta, sealed, sealed.length]);
  const dropped = await dropVersions(target, id, version - VERSIONS_KEPT);
  return { version, language, created: !row, bytes: sealed.length - dropped };
}

/** How many bytes it has freed. */
async function remove(target: Target, { row }: Located): Promise<number> {
  if (!row) throw new Problem('not_found');
  const bytes = await dropVersions(target, row.id, row.version);
  target.deletedVersion = Math.max(target.deletedVersion, row.version);
  await target.tx.query(DROP_FILE, [row.id, target.userId]);
  return bytes;
}

async function dropVersions({ tx, userId }: Target, fileId: string, last: number): Promise<number> {
  if (last < 1) return 0;
  const [{ bytes }] = await tx.query<[{ bytes: string }]>(DROP_VERSIONS, [fileId, userId, last]);
  return Number(bytes);
}

/** By which a file is found without its path in the database. */
export function pathHash(cipher: UserCipher, projectId: string, path: string): Buffer {
  return cipher.lookupHash(`code_files.path|${projectId}`, foldPath(path));
}

/** What is written; null for a removal. Throws `precondition_failed` where the file has changed and the change cannot be merged. */
async function contentOf(target: Target, { row }: Located, change: FileChange): Promise<string | null> {
  if (holds(row?.version ?? 0, change.expected)) return change.content;
  if (row && change.content !== null && change.merge) {
    const [current] = await target.tx.query<FileVersionRow[]>(CURRENT, [row.id, target.userId, row.version]);
    const merged = current && change.merge(openContent(target.cipher, current));
    if (merged !== undefined) {
      assertText(merged);
      return merged;
    }
  }
  throw new Problem('precondition_failed');
}

/** `If-Match: *` is only for a file that exists. */
function holds(version: number, expected: Precondition = null): boolean {
  return expected === 'any' ? version > 0 : satisfies(version, expected);
}

/** Whether a file may have this content. */
export function isFileText(content: string): boolean {
  return Buffer.byteLength(content) <= MAX_FILE_BYTES && !ILL_FORMED.test(content);
}

function assertText(content: string): void {
  if (Buffer.byteLength(content) > MAX_FILE_BYTES) {
    throw new Problem('payload_too_large', { detail: 'A file has at most 1 MiB' });
  }
  if (ILL_FORMED.test(content)) {
    throw invalidField('content', 'is no well-formed Unicode');
  }
}
