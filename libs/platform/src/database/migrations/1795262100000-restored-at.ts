import type { MigrationInterface, QueryRunner } from 'typeorm';
import { WRITE_RECORD } from './1795252000000-write-record';

/** Versions of records continue above every version of before when the database was restored, so that none is used for other bytes. */
export class RestoredAt1795262100000 implements MigrationInterface {
  readonly name = 'RestoredAt1795262100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE installation ADD COLUMN restored_at timestamptz');
    await runner.query(NEXT_VERSION);
    await runner.query(
      replacing(WRITE_RECORD).replace(
        'coalesce(prior.version, 0) + 1',
        'next_version(prior.version, prior.updated_at)',
      ),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(replacing(WRITE_RECORD));
    await runner.query('DROP FUNCTION next_version');
    await runner.query('ALTER TABLE installation DROP COLUMN restored_at');
  }
}

/**
 * The version after `prior`, or the first one where it is null. After a restore of the database a record's versions may have been used up to
 * some unknown number for other bytes, so that its next one is far above: for a record that is there 65,536 higher, for one that is not 32 for
 * each hour since November 2026. The step is below what clients take for plausible (2^20).
 */
const NEXT_VERSION = `
  CREATE FUNCTION next_version(prior integer, written_at timestamptz) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN restored_at IS NULL OR written_at >= restored_at THEN coalesce(prior, 0) + 1
      ELSE GREATEST(coalesce(prior + 65536, 1), (extract(epoch FROM restored_at - timestamptz '2026-11-01 00:00:00+00') / 3600 * 32)::integer) END
    FROM (SELECT (SELECT restored_at FROM installation)) AS installed (restored_at)
  $$`;

function replacing(statement: string): string {
  return statement.replace('CREATE FUNCTION', 'CREATE OR REPLACE FUNCTION');
}
