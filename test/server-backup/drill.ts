import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Environment } from '@adiuva/config';
import { TestApp } from '../support/app';
import { emptyDatabase, type TestDatabase } from '../support/database';

export const PASSPHRASE = 'nine geese cross the frozen lake';

/** A server on a database and a folder of its own, and empty places to restore its backups to. */
export class Drill {
  readonly folder = mkdtempSync(join(tmpdir(), 'adiuva-drill-'));
  private readonly databases: TestDatabase[] = [];
  private readonly apps: TestApp[] = [];

  private constructor(readonly app: TestApp) {
    this.apps.push(app);
  }

  static async start(): Promise<Drill> {
    return new Drill(await TestApp.start({ BLOB_RELEASE_SECONDS: '0' }));
  }

  /** Of the commands on the running server. */
  get environment(): Environment {
    return environmentOf(this.app.database.url, this.app.dataDir);
  }

  /** An empty database and a folder that does not exist. */
  async target(): Promise<Environment> {
    const database = await emptyDatabase();
    this.databases.push(database);
    return environmentOf(database.url, this.path());
  }

  /** A server on what was restored. */
  async startOn(environment: Environment): Promise<TestApp> {
    const setting = (name: string): string => environment.raw(name, {}) ?? '';
    const app = await TestApp.start({ DATABASE_URL: setting('DATABASE_URL'), DATA_DIR: setting('DATA_DIR') });
    this.apps.push(app);
    return app;
  }

  /** Of a new file or directory. */
  path(): string {
    return join(this.folder, randomBytes(6).toString('hex'));
  }

  async stop(): Promise<void> {
    for (const app of this.apps.reverse()) await app.stop();
    for (const database of this.databases) await database.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function environmentOf(url: string, dataDir: string): Environment {
  return new Environment({
    ENV: 'test',
    LOG_LEVEL: 'error',
    DATA_DIR: dataDir,
    DATABASE_URL: url,
    DATABASE_POOL: '4',
    LLM_PROVIDER: 'offline',
    BACKUP_PASSPHRASE: PASSPHRASE,
  });
}
