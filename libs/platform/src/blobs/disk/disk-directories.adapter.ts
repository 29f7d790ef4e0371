import {
  close as closeFile,
  closeSync,
  constants,
  fsync as fsyncFile,
  open as openFile,
  write as writeFile,
  type Stats,
} from 'node:fs';
import { mkdir, open, rename, rmdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { isMissing, toDiskProblem } from './disk-error';

const ATTEMPTS = 5;
const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

/** Half the cost of a `FileHandle`, for files that are written in one piece. */
const file = {
  open: promisify(openFile),
  write: promisify(writeFile),
  fsync: promisify(fsyncFile),
  close: promisify(closeFile),
};

/** Renames a finished file to its place, making the directories it needs; they may vanish between two steps when a neighbour is deleted. */
export async function renameInto(from: string, to: string, root: string, fsync: boolean): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (!isMissing(error) || attempt === ATTEMPTS) throw error;
      await makeDirectory(dirname(to), root, fsync);
    }
  }
}

/** Writes a new file whole, making the directories it needs as `renameInto` does. Throws EEXIST where there is one. */
export async function createIn(path: string, bytes: Buffer, root: string, fsync: boolean): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await writeWhole(path, bytes, fsync);
    } catch (error) {
      if (!isMissing(error) || attempt === ATTEMPTS) throw error;
      await makeDirectory(dirname(path), root, fsync);
    }
  }
}

/**
 * Few calls, because each is a round trip to the thread pool: the write syncs the file. Other systems than
 * Linux leave bytes written with O_SYNC in the cache of the disk, and a file without bytes is not written at all: these are synced by a call.
 */
async function writeWhole(path: string, bytes: Buffer, fsync: boolean): Promise<void> {
  const descriptor = await file.open(path, fsync ? CREATE | constants.O_SYNC : CREATE, 0o600);
  try {
    for (let at = 0; at < bytes.length;) at += (await file.write(descriptor, bytes, at)).bytesWritten;
    if (fsync && (bytes.length === 0 || process.platform !== 'linux')) await file.fsync(descriptor);
  } finally {
    // After a synced write nothing is left to write.
    if (fsync) closeSync(descriptor);
    else await file.close(descriptor);
  }
}

/** Removes the directories above a deleted file that are empty now, up to but not including `root`. */
export async function removeEmptyParents(path: string, root: string): Promise<void> {
  for (let parent = dirname(path); parent.length > root.length; parent = dirname(parent)) {
    const removed = await rmdir(parent).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
}

/** Null for a file that was deleted since it was listed. One that cannot be read is not taken for a deleted one. */
export async function statOf(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw toDiskProblem(error);
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  await directory.sync().finally(() => directory.close());
}

/** Below `root`, which is never made: where it has vanished its volume is not mounted. */
async function makeDirectory(path: string, root: string, fsync: boolean): Promise<void> {
  await stat(root);
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (!fsync || first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncDirectory(dirname(made));
}
