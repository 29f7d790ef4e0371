import { Injectable } from '@nestjs/common';
import type { Client, QueryResultRow } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import type { Page, PageRequest } from '@adiuva/kernel';
import { Metrics } from '../metrics/metrics.service';
import { NoTracing, Tracing } from '../tracing/tracing.port';
import { translateDatabaseError } from './database-error';
import { DEFERRED_COMMIT, DeferredCommit, isDeferred, openDeferredCommit } from './deferred-commit.adapter';

/** Only `transaction` makes one, so a method that takes a `Tx` cannot run outside a transaction. */
export type Tx = EntityManager & { readonly __tx: unique symbol };

/** What a read outside a transaction gets. Each statement sees its own snapshot. */
export type Reader = Pick<EntityManager, 'query' | 'getRepository' | 'createQueryBuilder'>;

/** The one door to PostgreSQL. A database that cannot be reached is `unavailable` (503), never a 500. */
@Injectable()
export class Database {
  /** What runs after the commit of an open transaction. */
  private readonly actions = new WeakMap<EntityManager, (() => void)[]>();
  /** Of the statements that `prepared` has run. */
  private readonly names = new Map<string, string>();

  constructor(
    private readonly source: DataSource,
    private readonly tracing: Tracing = new NoTracing(),
    private readonly metrics: Metrics = new Metrics(),
  ) {}

  async read<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    try {
      return await this.traced('read', () => work(openDeferredCommit()?.manager ?? this.source.manager));
    } catch (error) {
      throw translateDatabaseError(error);
    }
  }

  /** Runs `work` in one READ COMMITTED transaction; rolls back when it throws. No network call belongs inside. */
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const actions: (() => void)[] = [];
    const inTransaction = (manager: EntityManager): Promise<T> => {
      this.actions.set(manager, actions);
      return work(manager as Tx);
    };
    const deferred = openDeferredCommit();
    try {
      const result = await this.traced(
        'transaction',
        () => deferred?.run(inTransaction) ?? this.source.transaction(inTransaction),
      );
      if (deferred) deferred.afterCommit.push(...actions);
      else for (const action of actions) action();
      return result;
    } catch (error) {
      throw translateDatabaseError(error);
    }
  }

  /**
   * Commits everything that `work` writes together with what `finish` then writes about its result, or nothing of it. For work whose
   * transactions may be one: it makes no network call between or after them.
   */
  async transactionWith<T>(work: () => Promise<T>, finish: (tx: Tx, result: T) => Promise<void>): Promise<T> {
    const deferred = new DeferredCommit(this.source);
    try {
      return await this.traced('transaction_with_answer', async () => {
        const result = await DEFERRED_COMMIT.run(deferred, work);
        await DEFERRED_COMMIT.run(deferred, () => this.transaction((tx) => finish(tx, result)));
        await deferred.commit();
        return result;
      });
    } catch (error) {
      await deferred.rollback();
      throw translateDatabaseError(error);
    }
  }

  /** Runs `action` when what `tx` writes is committed, before `transaction` or `transactionWith` returns. It must not throw. */
  onCommit(tx: Tx, action: () => void): void {
    this.actions.get(tx)?.push(action);
  }

  /** Runs `action` when the transaction of `transactionWith` is committed; immediately outside of one. */
  afterCommit(action: () => void): void {
    const deferred = openDeferredCommit();
    if (deferred) deferred.afterCommit.push(action);
    else action();
  }

  /** Rows of one statement; the statement is a constant, its values are parameters. */
  async query<R>(sql: string, parameters: readonly unknown[] = []): Promise<R[]> {
    return this.read((reader) => reader.query<R[]>(sql, [...parameters]));
  }

  /** A page of rows, newest first by `id`, and how many there are. `from` is a constant with its WHERE, `values` are the parameters of that. */
  async page<R>(
    columns: string,
    from: string,
    values: readonly unknown[],
    { page, limit }: PageRequest,
  ): Promise<Page<R>> {
    const next = values.length + 1;
    const [[counted], items] = await Promise.all([
      this.query<{ total: string }>(`SELECT count(*) AS total FROM ${from}`, values),
      this.query<R>(`SELECT ${columns} FROM ${from} ORDER BY id DESC LIMIT $${next} OFFSET $${next + 1}`, [
        ...values,
        limit,
        (page - 1) * limit,
      ]),
    ]);
    return { total: Number(counted?.total ?? 0), items };
  }

  /**
   * Like `query`, for frequent statements: a connection parses such a statement once and keeps its plan. The text must be a constant whose
   * best plan does not depend on the values. Inside of `transactionWith` it sees what was written there.
   */
  async prepared<R>(sql: string, parameters: readonly unknown[]): Promise<R[]> {
    const open = openDeferredCommit()?.manager;
    if (open) return this.query<R>(sql, parameters);
    const name = this.names.get(sql) ?? `prepared_${this.names.size}`;
    this.names.set(sql, name);
    const runner = this.source.createQueryRunner();
    try {
      return await this.traced('prepared', async () => {
        const client = (await runner.connect()) as Client;
        const { rows } = await client.query<R & QueryResultRow>({ name, text: sql, values: [...parameters] });
        return rows;
      });
    } catch (error) {
      throw translateDatabaseError(error);
    } finally {
      await runner.release();
    }
  }

  /** Like `prepared`, for a statement that writes: part of `transactionWith` inside of one. */
  async preparedWrite<R>(sql: string, parameters: readonly unknown[]): Promise<R[]> {
    if (!isDeferred()) return this.prepared<R>(sql, parameters);
    return this.transaction((tx) => tx.query<R[]>(sql, [...parameters]));
  }

  async isUp(): Promise<boolean> {
    return this.query('SELECT 1').then(
      () => true,
      () => false,
    );
  }

  /** Measured, and a span without the text of statements. */
  private async traced<T>(operation: string, work: () => Promise<T>): Promise<T> {
    const end = this.metrics.databaseOperations.startTimer({ operation });
    const attributes = { 'db.system.name': 'postgresql', 'db.operation.name': operation } as const;
    try {
      const result = await this.tracing.span(operation, attributes, work, 'client');
      end({ outcome: 'done' });
      return result;
    } catch (error) {
      end({ outcome: 'failed' });
      throw error;
    }
  }
}
