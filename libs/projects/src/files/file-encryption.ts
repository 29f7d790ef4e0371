import { z } from 'zod';
import type { UserCipher } from '@adiuva/auth';
import type { FileEntry } from '../project';
import type { FileRow, FileVersionRow } from '../projects.entities';

const MetaShape = z.object({ path: z.string(), language: z.string(), checksum: z.string() });
/** What is sealed of a version beside its content. */
export type FileMeta = z.infer<typeof MetaShape>;

export function sealMeta(cipher: UserCipher, table: 'code_files' | 'code_file_versions', id: string, meta: FileMeta) {
  return cipher.seal(`${table}.meta|${id}`, JSON.stringify(MetaShape.parse(meta)));
}

export function openMeta(
  cipher: UserCipher,
  table: 'code_files' | 'code_file_versions',
  id: string,
  sealed: Buffer,
): FileMeta {
  return MetaShape.parse(JSON.parse(cipher.open(`${table}.meta|${id}`, sealed)));
}

export function sealContent(cipher: UserCipher, fileId: string, version: number, content: Buffer): Buffer {
  return cipher.sealBytes(`code_file_versions.content|${fileId}|${version}`, content);
}

type SealedContent = Pick<FileVersionRow, 'file_id' | 'version' | 'content'>;

export function openContent(cipher: UserCipher, sealed: SealedContent): string {
  return openContentBytes(cipher, sealed).toString('utf8');
}

export function openContentBytes(cipher: UserCipher, { file_id, version, content }: SealedContent): Buffer {
  return cipher.openBytes(`code_file_versions.content|${file_id}|${version}`, content);
}

export function toEntry(cipher: UserCipher, row: FileRow): FileEntry {
  return {
    ...openMeta(cipher, 'code_files', row.id, row.meta),
    sizeBytes: row.size_bytes,
    version: row.version,
    updatedAt: row.updated_at,
  };
}
