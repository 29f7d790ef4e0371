import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseConfig, ServerConfig, type Environment } from '@adiuva/config';
import { describeChecks, Doctor, fault, settingsChecks, type Check } from '@adiuva/doctor';
import { DatabaseServer } from '@adiuva/platform';
import { withDatabaseServer } from './backup.command';
import { FailedReport } from './command';

/** Every check with its remedy, for people or, as JSON, for programs. Fails where a check finds an error. */
export async function examineServer(environment: Environment, form: 'text' | 'json'): Promise<string> {
  const checks = await examine(environment);
  const isHealthy = checks.every(({ level }) => level !== 'error');
  const report = form === 'json' ? JSON.stringify({ ok: isHealthy, checks }, null, 2) : describeChecks(checks);
  if (!isHealthy) throw new FailedReport(report);
  return report;
}

async function examine(environment: Environment): Promise<readonly Check[]> {
  const settings = settingsChecks(environment);
  if (settings.some(({ level }) => level === 'error')) return settings;
  const { DATA_DIR: dataDir } = new ServerConfig(environment);
  if (new DatabaseConfig(environment).DATABASE_URL === undefined && !existsSync(join(dataDir, 'postgres'))) {
    const remedy = 'Start the server once, which makes the embedded database, or set DATABASE_URL.';
    return [...settings, fault('database', 'there is none yet', remedy)];
  }
  try {
    let checks: readonly Check[] = [];
    await withDatabaseServer(environment, async (url) => {
      checks = await new Doctor(environment, new DatabaseServer(url, false)).examine();
      return url;
    });
    return checks;
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    return [
      ...settings,
      fault('database', `the embedded database does not start: ${reason}`, 'Do what the message says.'),
    ];
  }
}
