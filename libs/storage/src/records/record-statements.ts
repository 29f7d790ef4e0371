/** $1 users, $2 ids, each of the user at its place; rows in any order, of known records alone. */
export const FIND = `
  SELECT r.user_id, r.id, r.table_name, r.version, r.checksum, r.size_bytes, r.object_key, r.created_at, r.updated_at
  FROM unnest($1::uuid[], $2::uuid[]) AS wanted (user_id, id) JOIN records r ON r.user_id = wanted.user_id AND r.id = wanted.id`;

/**
 * $1 whether to wait for locks, $2 writes as a JSON array. Carried out in their order in one transaction; each has its own outcome, so a refusal
 * leaves the others as they are. The rules are those of the database's function `write_record`.
 */
export const WRITE = `
  SELECT done.* FROM ROWS FROM (
    jsonb_to_recordset($2::jsonb) AS ("user" uuid, "limit" bigint, op text, id uuid, "table" text, versions integer[], checksum text, size bigint, key text,
      tombstone text)
  ) WITH ORDINALITY AS w ("user", "limit", op, id, "table", versions, checksum, size, key, tombstone, number),
  LATERAL write_record($1, w."user", w."limit", w.op, w.id, w."table", w.versions, decode(w.checksum, 'hex'), w.size, w.key,
    decode(w.tombstone, 'hex')) AS done
  ORDER BY w.number`;

/** Records that share a row of `record_buckets`; `write_record` has the same number. */
const BUCKET = 256;

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
