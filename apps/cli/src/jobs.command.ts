import { DeadJobs } from '@adiuva/billing';
import type { Environment } from '@adiuva/config';
import { JobAdministration } from '@adiuva/platform';
import { inContext } from './command-context';

/** The newest first. */
export function listDeadJobs(environment: Environment): Promise<string> {
  return inContext(environment, async (app) => {
    const { dead, due, running, scheduled, deadJobs } = await app.get(JobAdministration).overview();
    const lines = deadJobs.map(
      ({ id, name, attempts, error, failedAt }) =>
        `  ${id}  ${name}  ${attempts} attempts, the last at ${failedAt.toISOString()}: ${error ?? 'unknown'}`,
    );
    return [`${dead} dead jobs; ${due} due, ${running} running, ${scheduled} scheduled`, ...lines].join('\n');
  });
}

export function retryJob(environment: Environment, id: string): Promise<string> {
  return inContext(environment, async (app) => `${await app.get(DeadJobs).retry(null, id)} starts again.`);
}

export function deleteJob(environment: Environment, id: string): Promise<string> {
  return inContext(environment, async (app) => `${await app.get(DeadJobs).delete(null, id)} is deleted.`);
}
