import { safeKey, type BlobKey, type BlobStore } from '@adiuva/platform';
import { openArchive, refused, type OpenArchive } from './archive.adapter';
import { inspectDatabase, loadDatabase } from './database-load.adapter';
import type { Manifest } from './manifest';
import { isPack, ObjectCopy } from './object-copy.adapter';
import { readSecrets, type Secrets } from './server-backup.adapter';

/** Where a backup is restored to: an empty database and an empty blob store. */
export interface RestoreTarget {
  readonly databaseUrl: string;
  readonly blobs: BlobStore;
}

/**
 * Restores a backup; never merges it into what is there. The objects come first, then all rows in one transaction, so that no server can start on a
 * part of them: one that finds objects without rows refuses, and so does one that finds rows but no installation marker in the blob store, which the
 * caller writes last (`Installation.adopt`, which also begins a new epoch). An interrupted restore is continued by repeating it.
 */
export class ServerRestore {
  /** The object that is in a blob store while this backup is restored into it. */
  private readonly marker: BlobKey;
  private isResumed = false;

  private constructor(
    private readonly archive: OpenArchive,
    readonly manifest: Manifest,
  ) {
    this.marker = safeKey('restore', manifest.id);
  }

  /** @throws `conflict`: no backup, unfinished, wrong passphrase */
  static async open(path: string, passphrase: string): Promise<ServerRestore> {
    const { manifest, ...archive } = await openArchive(path, passphrase);
    return new ServerRestore(archive, manifest);
  }

  secrets(): Promise<Secrets> {
    return readSecrets(this.archive, this.manifest);
  }

  /** Marks the target as that of this restore. @throws `conflict`: the target is not empty or in use */
  async begin({ databaseUrl, blobs }: RestoreTarget): Promise<void> {
    this.isResumed = await this.isOurs(databaseUrl, blobs);
    if (!this.isResumed) await blobs.put(this.marker, Buffer.from(this.manifest.id, 'utf8'), { maxBytes: 64 });
  }

  /** After `begin`. @throws `conflict`: the backup is damaged or of a later version */
  async run({ databaseUrl, blobs }: RestoreTarget): Promise<void> {
    const { directory, keys } = this.archive;
    const copy = new ObjectCopy(blobs, directory, keys);
    for (const part of this.manifest.parts.filter(isPack)) await copy.restore(part, this.isResumed);
    const parts = new Map(this.manifest.parts.map((part) => [part.name, part]));
    await loadDatabase(databaseUrl, this.manifest, (name) => {
      const part = parts.get(name);
      if (!part) throw refused(`The backup is damaged: its manifest does not have ${name}.`);
      return keys.open(name, directory.open(part));
    });
    // From here on a repetition is refused: it would delete what users write to the restored server.
    await blobs.delete([this.marker]);
  }

  /** True where an interrupted restore of this very backup is there. */
  private async isOurs(databaseUrl: string, blobs: BlobStore): Promise<boolean> {
    const { inUse, empty } = await inspectDatabase(databaseUrl);
    if (inUse) throw refused('A server runs on this database: stop it, and name an empty database.');
    const found = await firstKey(blobs);
    if (await blobs.head(this.marker)) return true;
    if (!empty) throw refused('The database is not empty: a backup is restored into an empty one only.');
    if (found !== null) throw refused('The blob store is not empty: a backup is restored into an empty one only.');
    return false;
  }
}

async function firstKey(blobs: BlobStore): Promise<string | null> {
  for await (const { key } of blobs.list('')) return key;
  return null;
}
