import { isId, Problem } from '@adiuva/kernel';
import { Audit, AuditVerifier } from '@adiuva/audit';
import { Accounts } from '@adiuva/auth';
import type { Environment } from '@adiuva/config';
import { inContext } from './command-context';

const LISTED = 50;

/** The newest events; with an address or id, those that this account has caused. */
export function listAudit(environment: Environment, account?: string): Promise<string> {
  return inContext(environment, async (app) => {
    const actor = account === undefined || isId(account) ? account : await app.get(Accounts).idOf(account);
    const { items, total } = await app.get(Audit).search({ actor }, { page: 1, limit: LISTED });
    const lines = items.map(
      ({ at, action, userId, actorId, details }) =>
        `  ${at.toISOString()}  ${action}  account ${userId ?? '-'}  by ${actorId ?? 'server'}  ${JSON.stringify(details ?? {})}`,
    );
    return [`${total} events, the newest ${lines.length}:`, ...lines].join('\n');
  });
}

/** Names the first broken link of the audit log; then the command fails. */
export function verifyAudit(environment: Environment): Promise<string> {
  return inContext(environment, async (app) => {
    const { events, link, fault } = await app.get(AuditVerifier).verify();
    if (!fault) return `The audit log is whole: ${events} events, hash ${link}.`;
    const place = fault.position === null ? 'outside the chain' : `at position ${fault.position}`;
    throw new Problem('conflict', {
      detail: `The audit log is broken ${place}: ${fault.reason}${fault.id === null ? '' : `, event ${fault.id}`}.`,
    });
  });
}
