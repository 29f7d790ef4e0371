import { NestFactory } from '@nestjs/core';
import { Installation, KeyRotation } from '@adiuva/auth';
import { ConfigurationError, SecretsConfig, type Environment } from '@adiuva/config';
import { BlobStore, Database, Log, PlatformModule, ServerKeys } from '@adiuva/platform';
import { ENTITIES } from '../../../ormconfig';
import { inContext, withDatabase } from './command-context';

/** Binds the blob store to the database. Outside the usual context, which refuses exactly what this is for. */
export async function adoptInstallation(environment: Environment): Promise<string> {
  const platform = PlatformModule.with(await withDatabase(environment), ENTITIES);
  const app = await NestFactory.createApplicationContext(platform, { logger: false, abortOnError: false });
  try {
    const installation = new Installation(app.get(Database), app.get(BlobStore), app.get(ServerKeys), app.get(Log));
    return `The blob store belongs to installation ${await installation.adopt()} now.`;
  } finally {
    await app.close();
  }
}

export function rewrapKeys(environment: Environment): Promise<string> {
  if (new SecretsConfig(environment).MASTER_KEY_PREVIOUS === undefined) {
    throw new ConfigurationError(['MASTER_KEY_PREVIOUS: not set; set it to the key before MASTER_KEY']);
  }
  return inContext(environment, async (app) => {
    const { rewrapped, current } = await app.get(KeyRotation).run();
    return (
      `Wrapped ${rewrapped} keys under MASTER_KEY; ${current} were already. When every server runs with MASTER_KEY, ` +
      'MASTER_KEY_PREVIOUS may be removed, 15 minutes from now at the earliest.'
    );
  });
}
