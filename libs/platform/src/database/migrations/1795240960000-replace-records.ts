import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Several replacements of records, of any users, in one round trip and one commit, each with its own outcome. */
export class ReplaceRecords1795240960000 implements MigrationInterface {
  readonly name = 'ReplaceRecords1795240960000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(REPLACE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION replace_records');
  }
}

/**
 * A row comes back for each replacement that was made: `place` counts from 1. The others have changed nothing, because the record is no longer of
 * that version, there is no room, or another writer holds the user's ledger: no writer waits here for another user. A limit is in bytes or null.
 */
const REPLACE = `
  CREATE FUNCTION replace_records(
    users uuid[], limits bigint[], ids uuid[], versions integer[], checksums bytea[], sizes bigint[], old_sizes bigint[],
    keys text[], old_keys text[]
  ) RETURNS TABLE (place integer, entered bigint, saved_at timestamptz) LANGUAGE plpgsql SET lock_timeout = '200ms' AS $$
  DECLARE
    growth bigint;
    used bigint;
    name text;
  BEGIN
    FOR i IN 1 .. cardinality(users) LOOP
      growth := sizes[i] - old_sizes[i];
      SELECT u.position + 1, u.records_bytes + u.vectors_bytes INTO entered, used FROM storage_usage u WHERE u.user_id = users[i]
        FOR NO KEY UPDATE SKIP LOCKED;
      CONTINUE WHEN NOT FOUND OR (growth > 0 AND used + growth > limits[i]);
      UPDATE records r SET version = r.version + 1, checksum = checksums[i], size_bytes = sizes[i], object_key = keys[i],
          updated_at = date_trunc('milliseconds', clock_timestamp())
        WHERE r.user_id = users[i] AND r.id = ids[i] AND r.version = versions[i] AND r.deleted_at IS NULL
        RETURNING r.updated_at, r.table_name INTO saved_at, name;
      CONTINUE WHEN NOT FOUND;
      UPDATE storage_usage u SET position = entered, records_bytes = u.records_bytes + growth WHERE u.user_id = users[i];
      INSERT INTO record_changes (user_id, position, record_id, table_name, version, checksum, changed_at)
        VALUES (users[i], entered, ids[i], name, versions[i] + 1, checksums[i], saved_at);
      INSERT INTO released_objects (object_key) VALUES (old_keys[i]);
      place := i;
      RETURN NEXT;
    END LOOP;
  END $$`;
