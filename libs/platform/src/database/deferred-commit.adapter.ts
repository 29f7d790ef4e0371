import { AsyncLocalStorage } from 'node:async_hooks';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';

/**
 * One transaction for everything that an asynchronous context writes. It begins with the first write; each `run` inside is a savepoint, so
 * that a caller may catch a failure and try another way. Nothing is visible to others before `commit`.
 */
export class DeferredCommit {
  readonly afterCommit: (() => void)[] = [];
  private runner: QueryRunner | undefined;
  private ended = false;

  constructor(private readonly source: DataSource) {}

  /** Of the open transaction; undefined before the first write. */
  get manager(): EntityManager | undefined {
    return this.runner?.manager;
  }

  async run<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    if (!this.runner) {
      const runner = this.source.createQueryRunner();
      try {
        await runner.startTransaction();
      } catch (error) {
        await runner.release();
        throw error;
      }
      this.runner = runner;
    }
    return this.runner.manager.transaction(work);
  }

  /** Whether it is committed or rolled back; timers that were started inside may run later. */
  get hasEnded(): boolean {
    return this.ended;
  }

  async commit(): Promise<void> {
    await this.runner?.commitTransaction();
    this.ended = true;
    await this.runner?.release();
    this.runner = undefined;
    for (const action of this.afterCommit) action();
  }

  async rollback(): Promise<void> {
    const { runner } = this;
    this.runner = undefined;
    this.ended = true;
    await runner?.rollbackTransaction().catch(() => undefined);
    await runner?.release().catch(() => undefined);
  }
}

export const DEFERRED_COMMIT = new AsyncLocalStorage<DeferredCommit>();

/** The one of the current asynchronous context, while it is open. */
export function openDeferredCommit(): DeferredCommit | undefined {
  const deferred = DEFERRED_COMMIT.getStore();
  return deferred?.hasEnded ? undefined : deferred;
}

export function isDeferred(): boolean {
  return openDeferredCommit() !== undefined;
}
