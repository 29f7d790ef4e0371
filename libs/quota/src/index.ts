export {
  advance,
  assertCurrent,
  CURSOR_PATTERN,
  cursorEpoch,
  formatCursor,
  MAX_CURSOR_LENGTH,
  parseCursor,
} from './feed-cursor';
export { accountErased, limitOf, quotaExceeded, type StoredKind } from './quota-limits';
export { QUOTA_ENTITIES } from './quota.entities';
export { QuotaModule } from './quota.module';
export { Quota, type Delta, type Stored, type Usage } from './quota.service';
