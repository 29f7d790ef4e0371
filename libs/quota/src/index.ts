export { limitOf, type StoredKind } from './quota-limits';
export { QuotaModule } from './quota.module';
export { Quota, type Delta, type LedgerEntry, type Stored, type Usage } from './quota.service';
export { UsageRow } from './usage.entity';
