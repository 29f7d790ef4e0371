import { hasText, t } from './texts';

/** What an event of the audit log is called; its code where this version of the console knows it not. */
export function auditText(action: string): string {
  const key = `audit.${action}`;
  return hasText(key) ? t(key) : action;
}
