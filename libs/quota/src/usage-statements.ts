import type { StoredKind } from './quota-limits';

/** Bytes that count against the same limit as `kind`; `u` is the ledger's row. */
function used(kind: StoredKind): string {
  return kind === 'backups' ? 'u.backups_bytes + u.backups_reserved' : 'u.records_bytes + u.vectors_bytes';
}

/**
 * Only a first entry is inserted; its numbers are not negative, because PostgreSQL holds them against the table's check in any case.
 * $1 user, $2 bytes, $3 count (either may be negative), $4 limit or null, $5 items made, $6 changes. No row comes back when there is no room.
 */
export function chargeStatement(kind: StoredKind): string {
  return `
    INSERT INTO storage_usage AS u (user_id, position, ${kind}_bytes, ${kind}_count, ${kind}_made)
    SELECT $1, $6::bigint, GREATEST($2::bigint, 0), GREATEST($3::bigint, 0), $5::bigint
    WHERE $2::bigint <= 0 OR $4::bigint IS NULL OR $2::bigint <= $4::bigint
    ON CONFLICT (user_id) DO UPDATE SET
      position = u.position + $6::bigint,
      ${kind}_bytes = u.${kind}_bytes + $2::bigint,
      ${kind}_count = u.${kind}_count + $3::bigint,
      ${kind}_made = u.${kind}_made + $5::bigint
    WHERE $2::bigint <= 0 OR $4::bigint IS NULL OR ${used(kind)} + $2::bigint <= $4::bigint
    RETURNING u.position, u.${kind}_made AS made`;
}

/** $1 user, $2 bytes, $3 limit or null. */
export const RESERVE_BACKUP = `
  INSERT INTO storage_usage AS u (user_id, position, backups_reserved)
  SELECT $1, 1, $2::bigint WHERE $3::bigint IS NULL OR $2::bigint <= $3::bigint
  ON CONFLICT (user_id) DO UPDATE SET position = u.position + 1, backups_reserved = u.backups_reserved + $2::bigint
  WHERE $3::bigint IS NULL OR ${used('backups')} + $2::bigint <= $3::bigint
  RETURNING u.position`;

/** $1 user, $2 bytes that were reserved, $3 bytes that are stored, $4 count. */
export const SETTLE_BACKUP = `
  UPDATE storage_usage AS u SET
    position = u.position + 1,
    backups_reserved = u.backups_reserved - $2::bigint,
    backups_bytes = u.backups_bytes + $3::bigint,
    backups_count = u.backups_count + $4::bigint,
    backups_made = u.backups_made + $4::bigint
  WHERE user_id = $1
  RETURNING u.position`;

export const READ_USAGE = `
  SELECT records_bytes, records_count, vectors_bytes, vectors_count, backups_bytes, backups_count, backups_reserved
  FROM storage_usage WHERE user_id = $1`;
