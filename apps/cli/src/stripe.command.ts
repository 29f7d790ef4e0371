import { Problem } from '@adiuva/kernel';
import { BillingConfig, checkStripeSetup } from '@adiuva/billing';
import { ServerConfig, type Environment } from '@adiuva/config';

const MARKS = { ok: 'ok     ', warning: 'WARNING', error: 'ERROR  ' } as const;

/** Needs no database. Fails where the check finds an error. */
export async function checkStripe(environment: Environment): Promise<string> {
  const findings = await checkStripeSetup(new BillingConfig(environment), new ServerConfig(environment));
  const report = findings.map(({ level, subject, message }) => `${MARKS[level]}  ${subject}: ${message}`).join('\n');
  if (findings.some(({ level }) => level === 'error')) throw new Problem('conflict', { detail: report });
  return report;
}
