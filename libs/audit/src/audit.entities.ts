import { AuditEventRow, AuditHeadRow } from './audit-event.entity';

export const AUDIT_ENTITIES = [AuditEventRow, AuditHeadRow] as const;
