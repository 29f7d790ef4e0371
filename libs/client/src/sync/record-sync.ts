import type { Vault } from '../crypto/vault';
import { SyncPull } from './sync-pull';
import { SyncPush } from './sync-push';
import { SyncProgress } from './sync-progress';
import type { SyncOptions, SyncReport } from './sync-report';
import type { RecordsApi } from './records-api';
import type { SyncStore } from './sync-store';

const ROUNDS = 5;

/** Brings a device and the server to the same records: first what changed elsewhere, then what changed here. */
export class RecordSync {
  constructor(
    private readonly api: RecordsApi,
    private readonly vault: Vault,
    private readonly store: SyncStore,
    private readonly options: SyncOptions = {},
  ) {}

  /** One record that fails does not stop the others: see `SyncReport.failures`. Throws `ApiProblem`, `ConnectionProblem`. */
  run(): Promise<SyncReport> {
    const done = (running.get(this.store) ?? Promise.resolve()).then(() => this.runOnce());
    running.set(
      this.store,
      done.catch(() => undefined),
    );
    return done;
  }

  private async runOnce(): Promise<SyncReport> {
    const progress = new SyncProgress(this.options);
    const pull = new SyncPull(this.api, this.vault, this.store, progress);
    const push = new SyncPush(this.api, this.vault, this.store, progress);
    await pull.run();
    for (let round = 0; round < ROUNDS; round += 1) {
      if (await push.run()) return progress.report();
      await pull.run();
    }
    await push.failUnsettled();
    return progress.report();
  }
}

/** Two syncs of one store would send the same edits twice. */
const running = new WeakMap<SyncStore, Promise<unknown>>();
