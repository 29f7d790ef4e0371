import { Injectable } from '@nestjs/common';
import { Pool, type QueryResultRow } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { translateDatabaseError } from './database-error';

/** Only `transaction` makes one, so a method that takes a `Tx` cannot run outside a transaction. */
export type Tx = EntityManager & { readonly __tx: unique symbol };

/** What a read outside a transaction gets. Each statement sees its own snapshot. */
export type Reader = Pick<EntityManager, 'query' | 'getRepository' | 'createQueryBuilder'>;

/** The one door to PostgreSQL. A database that cannot be reached is `unavailable` (503), never a 500. */
@Injectable()
export class Database {
  /** Of the statements that `hot` has seen. */
  private readonly names = new Map<string, string>();

  constructor(private readonly source: DataSource) {}

  async read<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    try {
      return await work(this.source.manager);
    } catch (error) {
      throw translateDatabaseError(error);
    }
  }

  /** Runs `work` in one READ COMMITTED transaction; rolls back when it throws. No network call belongs inside. */
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    try {
      return await this.source.transaction((manager) => work(manager as Tx));
    } catch (error) {
      throw translateDatabaseError(error);
    }
  }

  /** Rows of one statement; the statement is a constant, its values are parameters. */
  async query<R>(sql: string, parameters: readonly unknown[] = []): Promise<R[]> {
    return this.read((reader) => reader.query<R[]>(sql, [...parameters]));
  }

  /**
   * Like `rows`, for what is asked all the time: a connection parses such a statement once and keeps its plan. The text must be a constant
   * whose best plan does not hang on the values.
   */
  async prepared<R>(sql: string, parameters: readonly unknown[]): Promise<R[]> {
    const pool: unknown = Reflect.get(this.source.driver, 'master');
    if (!(pool instanceof Pool)) throw new Error('The database is not connected by pg');
    const name = this.names.get(sql) ?? `hot_${this.names.size}`;
    this.names.set(sql, name);
    try {
      const { rows } = await pool.query<R & QueryResultRow>({ name, text: sql, values: [...parameters] });
      return rows;
    } catch (error) {
      throw translateDatabaseError(error);
    }
  }

  async isUp(): Promise<boolean> {
    return this.query('SELECT 1').then(
      () => true,
      () => false,
    );
  }
}
