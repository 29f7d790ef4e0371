import { Injectable } from '@nestjs/common';
import { assertConfiguration, ConfigurationError, DatabaseConfig, Environment, ServerConfig } from '@adiuva/config';
import { BlobConfig, DatabaseServer, openBlobStore } from '@adiuva/platform';
import { fault, ok, type Check } from './check';
import { checkDatabase } from './database-check.adapter';
import { checkInstallation } from './installation-check.adapter';
import { checkMail, checkModels, checkRedis, checkSpace, checkStripe } from './outside-check.adapter';

const SETTINGS_REMEDY = 'Set it as .env.example describes, and start the server again.';

/** Examines what the server depends on, from the settings to the outside world. Works, too, where the server does not start. */
@Injectable()
export class Doctor {
  constructor(
    private readonly environment: Environment,
    private readonly database: DatabaseServer,
  ) {}

  async examine(): Promise<readonly Check[]> {
    const settings = settingsChecks(this.environment);
    if (settings.some(({ level }) => level === 'error')) return settings;
    const server = new ServerConfig(this.environment);
    const blobs = openBlobStore(new BlobConfig(this.environment), server.DATA_DIR);
    const { url } = this.database;
    const groups = await Promise.all([
      checkDatabase(url, new DatabaseConfig(this.environment).DATABASE_POOL),
      checkInstallation(this.environment, server, url, blobs),
      checkRedis(this.environment),
      checkModels(this.environment),
      checkMail(this.environment, server),
      checkStripe(this.environment, server),
      checkSpace(this.environment, server.DATA_DIR),
    ]);
    return [...settings, ...groups.flat()];
  }
}

/** Every setting of the program, so that one report names all faults. */
export function settingsChecks(environment: Environment): readonly Check[] {
  try {
    assertConfiguration(environment);
    return [ok('settings', 'every setting can be used')];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.faults.map((text) => fault('settings', text, SETTINGS_REMEDY));
  }
}
