import { ENTITLEMENT_CHANGED } from '@adiuva/billing';
import { Environment } from '@adiuva/config';
import { PubSub } from '@adiuva/platform';
import { createApplication } from '../../../apps/api/src/application';
import { WEBHOOK_ONLY } from '../builders/stripe-life';

/** A server that is killed right after the first event is committed, before anybody is told. */
async function main(databaseUrl = '', dataDir = ''): Promise<void> {
  const settings = {
    ENV: 'test',
    LOG_LEVEL: 'silent',
    LLM_PROVIDER: 'offline',
    DATABASE_URL: databaseUrl,
    DATA_DIR: dataDir,
  };
  const app = await createApplication(new Environment({ ...settings, ...WEBHOOK_ONLY }));
  app.get(PubSub).subscribe(ENTITLEMENT_CHANGED, () => process.kill(process.pid, 'SIGKILL'));
  await app.listen(0, '127.0.0.1');
  process.send?.(Number(new URL(await app.getUrl()).port));
}

process.once('disconnect', () => process.exit(0));
void main(...process.argv.slice(2));
