import { UsageRow } from './usage.entity';

export const QUOTA_ENTITIES = [UsageRow] as const;
