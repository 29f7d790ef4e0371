import { Readable } from 'node:stream';
import { newId, Problem } from '@adiuva/kernel';
import { ArchiveDirectory } from './archive-directory.adapter';
import { ArchiveKeys, newKeyDerivation } from './archive-keys';
import { decode, encode, FORMAT, parseHead, parseManifest, type Head, type Manifest } from './manifest';

const HEAD = 'head.json';
const MANIFEST = 'manifest.json';

const WRONG_PASSPHRASE = 'The passphrase is not that of this backup, or its files were changed.';

export interface OpenArchive {
  readonly directory: ArchiveDirectory;
  readonly keys: ArchiveKeys;
}

/** Begins a backup in an empty or new directory, or continues the unfinished one that is there. @throws `conflict` */
export async function beginArchive(
  path: string,
  passphrase: string,
  facts: { readonly release: string; readonly installation: string | null },
): Promise<OpenArchive & { readonly head: Head; readonly continued: boolean }> {
  const directory = new ArchiveDirectory(path);
  const names = await directory.names();
  if (names.includes(MANIFEST)) throw refused(`${path} has a backup already: name another directory.`);
  if (names.includes(HEAD)) return continueArchive(directory, passphrase, facts);
  if (names.length > 0) throw refused(`${path} is not empty: name another directory.`);
  const head: Head = {
    format: FORMAT,
    id: newId(),
    ...facts,
    startedAt: new Date().toISOString(),
    keyDerivation: newKeyDerivation(),
  };
  const keys = await ArchiveKeys.derive(passphrase, head.keyDerivation);
  await directory.write(HEAD, Readable.from([encode(head, (text) => keys.mac(text))]));
  return { directory, keys, head, continued: false };
}

export async function finishArchive({ directory, keys }: OpenArchive, manifest: Manifest): Promise<void> {
  await directory.write(MANIFEST, Readable.from([encode(manifest, (text) => keys.mac(text))]));
}

/** Opens a finished backup. @throws `conflict`: not a backup, unfinished, of another format, the wrong passphrase */
export async function openArchive(
  path: string,
  passphrase: string,
): Promise<OpenArchive & { readonly manifest: Manifest }> {
  const directory = new ArchiveDirectory(path);
  const bytes = await directory.read(MANIFEST);
  if (!bytes) {
    const isUnfinished = (await directory.read(HEAD)) !== null;
    throw refused(
      isUnfinished ? `${path} has an unfinished backup: repeat the backup to it.` : `${path} has no backup.`,
    );
  }
  const { keys, content } = await authenticated(bytes, passphrase);
  const manifest = parseManifest(content);
  if (!manifest) throw refused(`The manifest of ${path} is not one of format ${FORMAT}.`);
  return { directory, keys, manifest };
}

/** Reads every part and compares it with the manifest; needs no passphrase beyond the one that opened the archive. @throws `conflict` */
export async function verifyArchive({ directory, manifest }: { directory: ArchiveDirectory; manifest: Manifest }) {
  for (const part of manifest.parts) for await (const _ of directory.open(part));
}

async function continueArchive(
  directory: ArchiveDirectory,
  passphrase: string,
  { release, installation }: { readonly release: string; readonly installation: string | null },
): Promise<OpenArchive & { readonly head: Head; readonly continued: boolean }> {
  const { keys, content } = await authenticated((await directory.read(HEAD)) ?? Buffer.alloc(0), passphrase);
  const head = parseHead(content);
  if (head?.installation !== installation || head.release !== release)
    throw refused(`${directory.path} has an unfinished backup of another server or version: name another directory.`);
  return { directory, keys, head, continued: true };
}

async function authenticated(bytes: Buffer, passphrase: string): Promise<{ keys: ArchiveKeys; content: unknown }> {
  const file = decode(bytes);
  const head = file && parseHead(file.content);
  if (!file || !head) throw refused(`This is no backup of format ${FORMAT}; another version may have made it.`);
  const keys = await ArchiveKeys.derive(passphrase, head.keyDerivation);
  if (!keys.verifyMac(file.text, file.mac)) throw refused(WRONG_PASSPHRASE);
  return { keys, content: file.content };
}

export function refused(detail: string): Problem {
  return new Problem('conflict', { detail });
}
