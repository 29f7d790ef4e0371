import { Readable } from 'node:stream';
import { Problem } from '@adiuva/kernel';
import type { ZipFile } from 'yazl';
import type { ExportFile } from './export-source';

/** A file whose blob cannot be read whole: the archive has no bytes of it, or those before the damage. */
export interface DamagedFile {
  readonly path: string;
  readonly content: 'missing' | 'incomplete';
}

/** Resolves when the file is in the archive, as far as it can be read. */
export async function archiveFile(zip: ZipFile, file: ExportFile): Promise<{ damage: boolean; added: boolean }> {
  let damage = false;
  const tolerate = (error: unknown): null => {
    if (!file.isBlob || !isDamage(error)) throw error;
    damage = true;
    return null;
  };
  const bytes = await Promise.resolve(file.open()).catch(tolerate);
  if (bytes === null) return { damage, added: false };
  await new Promise<void>((resolve, reject) => {
    const readable = Readable.from(until(bytes, tolerate)).once('end', resolve).once('error', reject);
    zip.addReadStream(readable, file.path);
  });
  return { damage, added: true };
}

/** The bytes up to a failure that `tolerate` does not throw. */
async function* until(bytes: AsyncIterable<Buffer>, tolerate: (error: unknown) => null): AsyncGenerator<Buffer> {
  try {
    yield* bytes;
  } catch (error) {
    tolerate(error);
  }
}

function isDamage(error: unknown): boolean {
  return error instanceof Problem && error.code === 'upstream_failed';
}
