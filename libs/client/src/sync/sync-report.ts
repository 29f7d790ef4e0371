import { ApiProblem } from '../api/problem';
import { ClientError } from '../client-error';
import { DecryptError } from '../crypto/decrypt-error';
import type { LocalRecord } from './sync-store';

/** The same record, changed here and elsewhere. `theirs.data` is null when it was deleted there, `mine.data` when here. */
export interface Conflict {
  readonly mine: LocalRecord;
  readonly theirs: RemoteState;
}

export interface RemoteState {
  readonly version: number;
  readonly data: Uint8Array | null;
}

/** Which one is kept; or bytes that join both. */
export type Resolution = 'mine' | 'theirs' | Uint8Array;

export interface SyncOptions {
  /** Without it, the state of the server is kept. */
  readonly onConflict?: (conflict: Conflict) => Resolution | Promise<Resolution>;
  /**
   * For records that the server no longer has and whose deletion it cannot prove: after a restore of the server, or for a device that
   * was away longer than deletions are kept. `upload` by default, which loses nothing.
   */
  readonly onMissing?: (record: LocalRecord) => 'upload' | 'drop';
  readonly onProgress?: (progress: { readonly pulled: number; readonly pushed: number }) => void;
  readonly signal?: AbortSignal;
}

/** One record that could not be synced; the others were. It is tried again with the next sync. */
export interface SyncFailure {
  readonly id: string;
  readonly table: string;
  /** `cannot_decrypt`, `rollback`, `unproven_deletion`, `malformed`, or the code of the server. */
  readonly code: string;
  readonly error: unknown;
}

export interface SyncReport {
  readonly pulled: number;
  readonly pushed: number;
  readonly conflicts: number;
  readonly failures: readonly SyncFailure[];
}

/** The server presented an older state of a record than this device has seen. */
export class RollbackError extends ClientError {
  constructor(readonly id: string) {
    super('RollbackError', `the server gave an older version of record ${id} than this device has seen`);
  }
}

/** A deletion without the tombstone of a device of this account. */
export class UnprovenDeletionError extends ClientError {
  constructor(readonly id: string) {
    super('UnprovenDeletionError', `no device of this account deleted record ${id}`);
  }
}

/** The vault is of another user than the one who is signed in, or its session has ended. */
export class VaultMismatchError extends ClientError {
  constructor() {
    super('VaultMismatchError', 'the user of the vault is not signed in, or not any more');
  }
}

export function failureCode(error: unknown): string {
  if (error instanceof ApiProblem) return error.code;
  if (error instanceof RollbackError) return 'rollback';
  if (error instanceof UnprovenDeletionError) return 'unproven_deletion';
  if (error instanceof DecryptError) return 'cannot_decrypt';
  return error instanceof RangeError ? 'malformed' : 'unknown';
}

/** Whether an error is about one record, and not about the connection, the account or the store. */
export function isAboutRecord(error: unknown): boolean {
  return (
    failureCode(error) !== 'unknown' && !(error instanceof ApiProblem && error.status !== 413 && error.status !== 400)
  );
}
