/** Records that share a row of `record_buckets`. */
export const BUCKET = 256;

const NOW = `date_trunc('milliseconds', clock_timestamp())`;
const SAVED = 'id, table_name, version, created_at, updated_at';

/** $1 user, $2 ids. */
export const FIND = `
  SELECT id, table_name, version, checksum, size_bytes, object_key, created_at, updated_at, deleted_at IS NOT NULL AS deleted
  FROM records WHERE user_id = $1 AND id = ANY($2::uuid[])`;

/** The statements below write several records at once, from arrays that are as long as each other; one that does not apply is left out of the answer. */
const CHANGES = `
  INSERT INTO record_changes (user_id, position, record_id, table_name, version, checksum, changed_at)
  SELECT $1, position, id, table_name, version, checksum, updated_at FROM saved`;

/** $1 user, $2 ids, $3 tables, $4 checksums, $5 sizes, $6 keys, $7 ordinals, $8 positions. Brings a tombstone back to life; a living record does not apply. */
export const INSERT = `
  WITH given AS (
    SELECT * FROM unnest($2::uuid[], $3::text[], $4::bytea[], $5::bigint[], $6::text[], $7::bigint[], $8::bigint[])
      AS g (id, table_name, checksum, size_bytes, object_key, ordinal, position)
  ), inserted AS (
    INSERT INTO records AS r (user_id, id, table_name, version, checksum, size_bytes, object_key, ordinal, created_at, updated_at)
    SELECT $1, id, table_name, 1, checksum, size_bytes, object_key, ordinal, ${NOW}, ${NOW} FROM given
    ON CONFLICT (user_id, id) DO UPDATE SET
      table_name = excluded.table_name, version = r.version + 1, checksum = excluded.checksum, size_bytes = excluded.size_bytes,
      object_key = excluded.object_key, ordinal = excluded.ordinal, created_at = excluded.created_at, updated_at = excluded.updated_at,
      deleted_at = NULL
    WHERE r.deleted_at IS NOT NULL
    RETURNING id, table_name, version, checksum, ordinal, created_at, updated_at
  ), saved AS (
    SELECT inserted.*, given.position FROM inserted JOIN given USING (id)
  ), change AS (${CHANGES}
  ), counted AS (
    INSERT INTO record_buckets AS b (user_id, table_name, bucket, live)
    SELECT $1, table_name, ordinal / ${BUCKET}, count(*) FROM saved GROUP BY table_name, ordinal / ${BUCKET}
    ON CONFLICT (user_id, table_name, bucket) DO UPDATE SET live = b.live + excluded.live
  )
  SELECT ${SAVED} FROM saved`;

/** $1 user, $2 ids, $3 versions that they must have, $4 checksums, $5 sizes, $6 keys, $7 keys to let go, $8 positions. */
export const UPDATE = `
  WITH given AS (
    SELECT * FROM unnest($2::uuid[], $3::integer[], $4::bytea[], $5::bigint[], $6::text[], $7::text[], $8::bigint[])
      AS g (id, old_version, checksum, size_bytes, object_key, old_key, position)
  ), saved AS (
    UPDATE records AS r SET
      version = r.version + 1, checksum = given.checksum, size_bytes = given.size_bytes, object_key = given.object_key, updated_at = ${NOW}
    FROM given
    WHERE r.user_id = $1 AND r.id = given.id AND r.version = given.old_version AND r.deleted_at IS NULL
    RETURNING r.id, r.table_name, r.version, r.checksum, r.created_at, r.updated_at, given.position, given.old_key
  ), change AS (${CHANGES}
  ), released AS (
    INSERT INTO released_objects (object_key) SELECT old_key FROM saved
  )
  SELECT ${SAVED} FROM saved`;

/** Of any users: $1 users, $2 limits or null, $3 ids, $4 versions that they must have, $5 checksums, $6 sizes, $7 sizes before, $8 keys, $9 keys to let go. */
export const REPLACE = `
  SELECT place, entered, saved_at
  FROM replace_records($1::uuid[], $2::bigint[], $3::uuid[], $4::integer[], $5::bytea[], $6::bigint[], $7::bigint[], $8::text[], $9::text[])`;

/** $1 user, $2 ids, $3 versions that they must have, $4 keys to let go, $5 positions, $6 tombstones. */
export const DELETE = `
  WITH given AS (
    SELECT * FROM unnest($2::uuid[], $3::integer[], $4::text[], $5::bigint[], $6::bytea[])
      AS g (id, old_version, old_key, position, tombstone)
  ), gone AS (
    UPDATE records AS r SET version = r.version + 1, size_bytes = 0, object_key = NULL, updated_at = ${NOW}, deleted_at = ${NOW}
    FROM given
    WHERE r.user_id = $1 AND r.id = given.id AND r.version = given.old_version AND r.deleted_at IS NULL
    RETURNING r.id, r.table_name, r.version, r.ordinal, r.created_at, r.updated_at, given.position, given.old_key, given.tombstone
  ), change AS (
    INSERT INTO record_changes (user_id, position, record_id, table_name, version, tombstone, changed_at)
    SELECT $1, position, id, table_name, version, tombstone, updated_at FROM gone
  ), counted AS (
    UPDATE record_buckets AS b SET live = b.live - fewer.records
    FROM (SELECT table_name, ordinal / ${BUCKET} AS bucket, count(*) AS records FROM gone GROUP BY 1, 2) AS fewer
    WHERE b.user_id = $1 AND b.table_name = fewer.table_name AND b.bucket = fewer.bucket
  ), released AS (
    INSERT INTO released_objects (object_key) SELECT old_key FROM gone
  )
  SELECT ${SAVED} FROM gone`;

/**
 * $1 user, $2 table or null, $3 how many to skip, $4 how many to give. The skipping is done by the buckets' counts, so the last of a
 * thousand pages costs what the first does. Counts are added up as integers, which is several times faster than as numerics.
 */
export function pageStatement(oneTable: boolean): string {
  return `
    WITH counts AS (
      SELECT bucket, ${oneTable ? 'live' : 'sum(live)::integer AS live'} FROM record_buckets
      WHERE user_id = $1 ${oneTable ? 'AND table_name = $2' : 'AND $2::text IS NULL GROUP BY bucket'}
    ), running AS (
      SELECT bucket, sum(live) OVER (ORDER BY bucket ROWS UNBOUNDED PRECEDING) - live AS before, live FROM counts
    ), start AS (
      SELECT bucket * ${BUCKET} AS ordinal, ($3::bigint - before)::bigint AS skip FROM running
      WHERE before <= $3::bigint AND before + live > $3::bigint
    ), page AS (
      SELECT r.* FROM start, LATERAL (
        SELECT id, table_name, version, checksum, size_bytes, ordinal, created_at, updated_at FROM records
        WHERE user_id = $1 ${oneTable ? 'AND table_name = $2' : ''} AND deleted_at IS NULL AND ordinal >= start.ordinal
        ORDER BY ordinal OFFSET start.skip LIMIT $4
      ) AS r
    )
    SELECT (SELECT coalesce(sum(live), 0) FROM counts) AS total, page.* FROM (SELECT 1) AS one LEFT JOIN page ON true ORDER BY page.ordinal`;
}

/** One table's feed or all: $1 user, $2 position, $3 how many, $4 table or null. State and changes are of one snapshot. */
export function changesStatement(oneTable: boolean): string {
  return `
    SELECT state.last, state.floor, c.* FROM (
      SELECT coalesce((SELECT position FROM storage_usage WHERE user_id = $1), 0) AS last,
             coalesce((SELECT floor FROM record_feeds WHERE user_id = $1), 0) AS floor
    ) AS state LEFT JOIN LATERAL (
      SELECT position, record_id, table_name, version, checksum, tombstone, changed_at FROM record_changes
      WHERE user_id = $1 AND position > $2 AND ${oneTable ? 'table_name = $4' : '$4::text IS NULL'}
      ORDER BY position LIMIT $3
    ) AS c ON true ORDER BY c.position`;
}
