export { accountErased, limitOf, quotaExceeded, type StoredKind } from './quota-limits';
export { QuotaModule } from './quota.module';
export { Quota, type Delta, type Stored, type Usage } from './quota.service';
export { UsageRow } from './usage.entity';
