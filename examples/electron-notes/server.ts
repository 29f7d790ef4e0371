import { join } from 'node:path';
import { Accounts } from '@adiuva/auth';
import { Entitlements } from '@adiuva/billing';
import { Environment } from '@adiuva/config';
import { Database, DatabaseServer } from '@adiuva/platform';
import { createApplication } from '../../apps/api/src/application';

export interface RunningServer {
  readonly url: string;
  readonly databaseUrl: string;
  /** Gives an account the pro tier, as `npm run admin -- tier EMAIL pro` does. */
  upgrade(email: string): Promise<void>;
  stop(): Promise<void>;
}

/** A server for this example alone: its data in a folder of its own, an embedded database, the offline model. */
export async function startServer(folder: string): Promise<RunningServer> {
  const settings = {
    ENV: 'test',
    DATA_DIR: join(folder, 'data'),
    LLM_PROVIDER: 'offline',
    LOG_LEVEL: 'silent',
  };
  const app = await createApplication(new Environment(settings), { logTo: { write: () => undefined } });
  await app.listen(0, '127.0.0.1');
  return {
    url: (await app.getUrl()).replace('[::1]', '127.0.0.1'),
    databaseUrl: app.get(DatabaseServer).url,
    upgrade: async (email) => {
      const id = await app.get(Accounts).idOf(email);
      await app.get(Database).transaction((tx) => app.get(Entitlements).set(tx, id, { tier: 'pro', seats: 1 }));
    },
    stop: () => app.close(),
  };
}
