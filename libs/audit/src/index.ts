export { AUDIT_ACTIONS } from './audit-event';
export type { AuditAction, AuditDetails, AuditEvent, AuditFilter, AuditPage } from './audit-event';
export { AUDIT_ENTITIES } from './audit.entities';
export { AuditErasure } from './audit.erasure';
export { AuditJobs } from './audit.jobs';
export { AuditModule } from './audit.module';
export { Audit } from './audit.service';
export { AuditVerifier, type AuditReport } from './audit-verifier.service';
