import { failureCode, type SyncFailure, type SyncOptions, type SyncReport } from './sync-report';

/** Counts what a sync does, and collects what fails. */
export class SyncProgress {
  private pulled = 0;
  private pushed = 0;
  conflicts = 0;
  private readonly failures = new Map<string, SyncFailure>();

  constructor(readonly options: SyncOptions) {}

  countPulled(): void {
    this.pulled += 1;
    this.tell();
  }

  countPushed(): void {
    this.pushed += 1;
    this.tell();
  }

  fail(id: string, table: string, error: unknown): void {
    this.failures.set(id, { id, table, code: failureCode(error), error });
  }

  recovered(id: string): void {
    this.failures.delete(id);
  }

  hasFailed(id: string): boolean {
    return this.failures.has(id);
  }

  report(): SyncReport {
    const { pulled, pushed, conflicts } = this;
    return { pulled, pushed, conflicts, failures: [...this.failures.values()] };
  }

  private tell(): void {
    this.options.onProgress?.({ pulled: this.pulled, pushed: this.pushed });
  }
}
