import { ApiProblem } from '../api/problem';
import { checksum, toBase64, type Bytes } from '../crypto/bytes';
import { MAX_VERSION, sealRecord, sealTombstone } from '../crypto/records';
import type { Vault } from '../crypto/vault';
import type { RecordOperation, RecordsApi } from './records-api';
import type { SyncProgress } from './sync-progress';
import { isAboutRecord } from './sync-report';
import type { LocalRecord, SyncStore } from './sync-store';

const BATCH = 200;
const BATCH_BYTES = 6 * 1024 * 1024;
/** A record that the server had deleted is created again at the version after that; a larger step is not the server's. */
const MAX_VERSION_STEP = 2 ** 20;

interface Outgoing {
  readonly record: LocalRecord;
  readonly operation: RecordOperation;
  /** Null for a deletion. */
  readonly sealed: Bytes | null;
}

interface Outcome {
  readonly status: number;
  readonly code?: string;
  readonly version?: number;
}

/** What changed on this device goes to the server. */
export class SyncPush {
  private readonly missing = new Set<string>();
  /** Those that the server had in another state when they were last sent. */
  private readonly unsettled = new Map<string, ApiProblem>();

  constructor(
    private readonly api: RecordsApi,
    private readonly vault: Vault,
    private readonly store: SyncStore,
    private readonly progress: SyncProgress,
  ) {}

  /** Whether everything was sent; false when something changed elsewhere and must be pulled first. */
  async run(): Promise<boolean> {
    let clean = true;
    let group: Outgoing[] = [];
    let bytes = 0;
    const flush = async (): Promise<void> => {
      if (group.length > 0) clean = (await this.send(group)) && clean;
      [group, bytes] = [[], 0];
    };
    for (const id of await this.store.dirtyIds()) {
      const outgoing = this.progress.hasFailed(id) ? undefined : await this.prepare(id);
      if (!outgoing) continue;
      const size = outgoing.sealed?.length ?? 0;
      if (group.length === BATCH || bytes + size > BATCH_BYTES) await flush();
      group.push(outgoing);
      bytes += size;
    }
    await flush();
    return clean;
  }

  /** For the last round: reports the records that the server has kept refusing. */
  async failUnsettled(): Promise<void> {
    for (const [id, problem] of this.unsettled) {
      const record = await this.store.get(id);
      if (record?.dirty) this.progress.fail(id, record.table, problem);
    }
  }

  private get signal(): AbortSignal | undefined {
    return this.progress.options.signal;
  }

  /** Seals the record and notes what is sent, so that a lost acknowledgement is no conflict later. */
  private async prepare(id: string): Promise<Outgoing | undefined> {
    const record = await this.store.get(id);
    if (!record?.dirty) return undefined;
    if (record.data === null && !record.onServer) {
      await this.store.update(id, (now) => (now?.edits === record.edits ? { ...now, dirty: false } : undefined));
      return undefined;
    }
    try {
      const outgoing = await this.seal(record);
      const { operation } = outgoing;
      const proof = operation.op === 'delete' ? (operation.tombstone ?? '') : operation.checksum;
      await this.store.update(id, (now) => now && { ...now, sent: { proof, edits: record.edits } });
      return outgoing;
    } catch (error) {
      if (!isAboutRecord(error)) throw error;
      this.progress.fail(id, record.table, error);
      return undefined;
    }
  }

  private async seal(record: LocalRecord): Promise<Outgoing> {
    const { id, table, version, data, onServer } = record;
    const at = { table, id, version: version + 1 };
    if (data === null) {
      const tombstone = toBase64(await sealTombstone(this.vault, at));
      return { record, sealed: null, operation: { op: 'delete', id, if_match: version, tombstone } };
    }
    const sealed = await sealRecord(this.vault, at, data);
    const content = { id, blob: sealed.length > BATCH_BYTES ? '' : toBase64(sealed), checksum: await checksum(sealed) };
    const operation = onServer ? { op: 'update', ...content, if_match: version } : { op: 'create', table, ...content };
    return { record, sealed, operation: operation as RecordOperation };
  }

  private async send(group: readonly Outgoing[]): Promise<boolean> {
    const [only] = group;
    const outcomes: readonly Outcome[] =
      only?.sealed && group.length === 1 && only.sealed.length > BATCH_BYTES
        ? [await this.sendLarge(only.record, only.sealed)]
        : (
            await this.api.batch(
              group.map(({ operation }) => operation),
              this.signal,
            )
          ).results;
    let clean = true;
    for (const [i, { record }] of group.entries()) {
      const outcome = outcomes[i] ?? { status: 502, code: 'upstream_failed' };
      if (await this.settle(record, outcome)) this.unsettled.delete(record.id);
      else {
        clean = false;
        this.unsettled.set(record.id, unsettledBy(outcome));
      }
    }
    return clean;
  }

  private async sendLarge({ id, table, version, onServer }: LocalRecord, sealed: Bytes): Promise<Outcome> {
    try {
      const saved = onServer
        ? await this.api.replace(id, sealed, version, this.signal)
        : await this.api.create(table, id, sealed, this.signal);
      return { status: 200, version: saved.version };
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status === 401 || error.status >= 500) throw error;
      return { status: error.status, code: error.code };
    }
  }

  /** Whether the record is done; false when the server has another state, which must be pulled. */
  private async settle(record: LocalRecord, outcome: Outcome): Promise<boolean> {
    const { id, table } = record;
    if (outcome.status < 300) return this.acknowledge(record, outcome.version ?? record.version + 1);
    if (outcome.status === 404) return this.notFound(record);
    if (outcome.status === 409 || outcome.status === 412) return false;
    this.progress.fail(id, table, new ApiProblem(outcome.status, { ...outcome }, undefined));
    return true;
  }

  /** False where the bytes must be sealed again, as after a restore of the server, which skips versions. */
  private async acknowledge(record: LocalRecord, version: number): Promise<boolean> {
    const { id, table } = record;
    if (
      !Number.isSafeInteger(version) ||
      version <= record.version ||
      version > Math.min(MAX_VERSION, record.version + MAX_VERSION_STEP)
    ) {
      this.progress.fail(id, table, new RangeError('the server gave an implausible version'));
      return true;
    }
    // Bytes that were sealed for another version would not open.
    const isSealed = record.data === null || version === record.version + 1;
    await this.store.update(id, (now) => {
      // Another tab on this store may have pulled a later one.
      if (!now || now.version > version) return undefined;
      const dirty = now.edits !== record.edits || !isSealed;
      return { ...now, version, onServer: record.data !== null, dirty, sent: undefined };
    });
    if (isSealed) this.progress.countPushed();
    return isSealed;
  }

  /** Deleted elsewhere, which the feed tells; where it does not, so long ago that the server forgot: then it becomes a new record. */
  private async notFound(record: LocalRecord): Promise<boolean> {
    const { id, table, data } = record;
    if (!this.missing.has(id)) {
      this.missing.add(id);
      if (data !== null) return false;
    }
    await this.store.update(id, (now) =>
      now?.edits === record.edits ? { ...now, data: null, dirty: false, onServer: false, sent: undefined } : undefined,
    );
    if (data !== null) await this.store.write(table, crypto.randomUUID(), data);
    return data === null;
  }
}

/** Also of a success whose bytes must be sealed for another version. */
function unsettledBy(outcome: Outcome): ApiProblem {
  const refusal = outcome.status < 300 ? { status: 412, code: 'precondition_failed' } : outcome;
  return new ApiProblem(refusal.status, { ...refusal }, undefined);
}
