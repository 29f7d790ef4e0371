export { BillingModule } from './billing.module';
export { EntitlementRow } from './entitlement.entity';
export { ENTITLEMENT_CHANGED, Entitlements, type Entitlement } from './entitlements.service';
