import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The quota rule and the write of a record as functions, so that a write is one round trip and the rule exists once. */
export class WriteRecord1795252000000 implements MigrationInterface {
  readonly name = 'WriteRecord1795252000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION replace_records');
    for (const statement of [LOCK_USAGE, ADD_USAGE, CHARGE_USAGE, WRITE_RECORD]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION write_record');
    await runner.query('DROP FUNCTION charge_usage');
    await runner.query('DROP FUNCTION add_usage');
    await runner.query('DROP FUNCTION lock_usage');
    await runner.query(REPLACE_RECORDS);
  }
}

/**
 * Locks the user's usage row until the transaction ends and returns it, with zeros where the user has none. With `a_live` the account must
 * not be erased, and is not erased before the transaction ends; null where it is.
 */
const LOCK_USAGE = `
  CREATE FUNCTION lock_usage(a_user uuid, a_live boolean) RETURNS storage_usage LANGUAGE plpgsql AS $$
  DECLARE
    usage storage_usage;
  BEGIN
    SELECT * INTO usage FROM storage_usage u WHERE u.user_id = a_user FOR NO KEY UPDATE;
    IF a_live THEN
      PERFORM FROM users WHERE id = a_user AND erased_at IS NULL FOR SHARE;
      IF NOT FOUND THEN
        RETURN NULL;
      END IF;
      IF usage.user_id IS NULL THEN
        INSERT INTO storage_usage (user_id, position) VALUES (a_user, 0) ON CONFLICT DO NOTHING;
        SELECT * INTO usage FROM storage_usage u WHERE u.user_id = a_user FOR NO KEY UPDATE;
      END IF;
    END IF;
    RETURN usage;
  END $$`;

/**
 * Adds a change to the usage of a user whose row the transaction has locked. `a_kind` is records, vectors, backups or reserved (for backups); a
 * change that grows must fit into `a_limit` bytes, or null. The outcome is ok or exceeded (with the bytes used); only ok has changed anything.
 */
const ADD_USAGE = `
  CREATE FUNCTION add_usage(
    usage storage_usage, a_kind text, a_limit bigint, a_bytes bigint, a_count bigint, a_made bigint, a_changes bigint,
    OUT outcome text, OUT last_position bigint, OUT total_made bigint, OUT used_bytes bigint
  ) LANGUAGE plpgsql AS $$
  BEGIN
    used_bytes := CASE WHEN a_kind IN ('records', 'vectors') THEN usage.records_bytes + usage.vectors_bytes
      ELSE usage.backups_bytes + usage.backups_reserved END;
    outcome := CASE WHEN a_bytes > 0 AND used_bytes + a_bytes > a_limit THEN 'exceeded' ELSE 'ok' END;
    IF outcome = 'ok' THEN
      UPDATE storage_usage u SET
        position = u.position + a_changes,
        records_bytes = u.records_bytes + CASE a_kind WHEN 'records' THEN a_bytes ELSE 0 END,
        records_count = u.records_count + CASE a_kind WHEN 'records' THEN a_count ELSE 0 END,
        records_made = u.records_made + CASE a_kind WHEN 'records' THEN a_made ELSE 0 END,
        vectors_bytes = u.vectors_bytes + CASE a_kind WHEN 'vectors' THEN a_bytes ELSE 0 END,
        vectors_count = u.vectors_count + CASE a_kind WHEN 'vectors' THEN a_count ELSE 0 END,
        vectors_made = u.vectors_made + CASE a_kind WHEN 'vectors' THEN a_made ELSE 0 END,
        backups_bytes = u.backups_bytes + CASE a_kind WHEN 'backups' THEN a_bytes ELSE 0 END,
        backups_count = u.backups_count + CASE a_kind WHEN 'backups' THEN a_count ELSE 0 END,
        backups_made = u.backups_made + CASE a_kind WHEN 'backups' THEN a_made ELSE 0 END,
        backups_reserved = u.backups_reserved + CASE a_kind WHEN 'reserved' THEN a_bytes ELSE 0 END
      WHERE u.user_id = usage.user_id
      RETURNING u.position, CASE a_kind WHEN 'records' THEN u.records_made WHEN 'vectors' THEN u.vectors_made ELSE u.backups_made END
      INTO last_position, total_made;
    END IF;
  END $$`;

/** `lock_usage` and `add_usage`; the outcome is also erased, where `a_live` is required and the account is not. */
const CHARGE_USAGE = `
  CREATE FUNCTION charge_usage(
    a_user uuid, a_live boolean, a_kind text, a_limit bigint, a_bytes bigint, a_count bigint, a_made bigint,
    OUT outcome text, OUT last_position bigint, OUT used_bytes bigint
  ) LANGUAGE plpgsql AS $$
  DECLARE
    usage storage_usage := lock_usage(a_user, a_live);
  BEGIN
    IF a_live AND usage.user_id IS NULL THEN
      outcome := 'erased';
    ELSE
      SELECT a.outcome, a.last_position, a.used_bytes INTO outcome, last_position, used_bytes
      FROM add_usage(usage, a_kind, a_limit, a_bytes, a_count, a_made, 1) AS a;
    END IF;
  END $$`;

/**
 * Creates, updates or deletes one record whose object is stored already: row, change feed, page index and usage, under the lock of the usage
 * row. `a_versions` are those of which the record must have one, or null. Without `a_wait` the outcome is busy where another transaction holds
 * the lock or the user has no usage row yet, so that writes of several users can share a transaction without a deadlock. Otherwise it is ok,
 * erased, conflict, not_found, precondition_failed or exceeded; only ok has changed anything.
 */
export const WRITE_RECORD = `
  CREATE FUNCTION write_record(
    a_wait boolean, a_user uuid, a_limit bigint, a_op text, a_id uuid, a_table text, a_versions integer[], a_checksum bytea, a_size bigint,
    a_key text, a_tombstone bytea, OUT outcome text, OUT saved_version integer, OUT saved_table text, OUT made_at timestamptz, OUT saved_at timestamptz,
    OUT last_position bigint, OUT used_bytes bigint
  ) LANGUAGE plpgsql AS $$
  DECLARE
    usage storage_usage;
    prior records;
    living boolean;
    added integer := CASE a_op WHEN 'create' THEN 1 WHEN 'delete' THEN -1 ELSE 0 END;
    charged record;
    slot bigint;
  BEGIN
    IF a_wait THEN
      usage := lock_usage(a_user, true);
    ELSE
      SELECT * INTO usage FROM storage_usage u WHERE u.user_id = a_user FOR NO KEY UPDATE SKIP LOCKED;
      PERFORM FROM users WHERE id = a_user AND erased_at IS NULL FOR SHARE SKIP LOCKED;
      IF NOT FOUND OR usage.user_id IS NULL THEN
        outcome := 'busy';
        RETURN;
      END IF;
    END IF;
    SELECT * INTO prior FROM records r WHERE r.user_id = a_user AND r.id = a_id;
    living := prior.id IS NOT NULL AND prior.deleted_at IS NULL;
    outcome := CASE WHEN usage.user_id IS NULL THEN 'erased'
      WHEN a_op = 'create' AND living THEN 'conflict'
      WHEN a_op <> 'create' AND NOT living THEN 'not_found'
      WHEN a_versions IS NOT NULL AND prior.version <> ALL (a_versions) THEN 'precondition_failed' ELSE 'ok' END;
    IF outcome = 'ok' THEN
      SELECT * INTO charged FROM add_usage(usage, 'records', a_limit,
        a_size - CASE WHEN living THEN prior.size_bytes ELSE 0 END, added, GREATEST(added, 0), 1);
      outcome := charged.outcome;
      used_bytes := charged.used_bytes;
    END IF;
    IF outcome <> 'ok' THEN
      RETURN;
    END IF;

    last_position := charged.last_position;
    saved_version := coalesce(prior.version, 0) + 1;
    saved_at := date_trunc('milliseconds', clock_timestamp());
    saved_table := CASE a_op WHEN 'create' THEN a_table ELSE prior.table_name END;
    made_at := CASE a_op WHEN 'create' THEN saved_at ELSE prior.created_at END;
    slot := CASE a_op WHEN 'create' THEN charged.total_made ELSE prior.ordinal END;
    INSERT INTO records AS r (user_id, id, table_name, version, checksum, size_bytes, object_key, ordinal, created_at, updated_at, deleted_at)
    VALUES (a_user, a_id, saved_table, saved_version, coalesce(a_checksum, prior.checksum), a_size, a_key, slot, made_at, saved_at,
      CASE a_op WHEN 'delete' THEN saved_at END)
    ON CONFLICT (user_id, id) DO UPDATE SET
      table_name = excluded.table_name, version = excluded.version, checksum = excluded.checksum, size_bytes = excluded.size_bytes,
      object_key = excluded.object_key, ordinal = excluded.ordinal, created_at = excluded.created_at, updated_at = excluded.updated_at,
      deleted_at = excluded.deleted_at;
    INSERT INTO record_changes (user_id, position, record_id, table_name, version, checksum, tombstone, changed_at)
    VALUES (a_user, last_position, a_id, saved_table, saved_version, a_checksum, a_tombstone, saved_at);
    IF added <> 0 THEN
      INSERT INTO record_buckets AS b (user_id, table_name, bucket, live) VALUES (a_user, saved_table, slot / 256, added)
      ON CONFLICT (user_id, table_name, bucket) DO UPDATE SET live = b.live + excluded.live;
    END IF;
    IF living THEN
      INSERT INTO released_objects (object_key) VALUES (prior.object_key);
    END IF;
  END $$`;

/** As the migration before left it. */
const REPLACE_RECORDS = `
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
