import { IdempotencyKeyRow } from './idempotency/idempotency-key.entity';
import { OrphanedObjectRow } from './orphans/orphaned-object.entity';

export const PLATFORM_ENTITIES = [IdempotencyKeyRow, OrphanedObjectRow] as const;
