import { Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthModule } from '@adiuva/auth';
import { BackupModule } from '@adiuva/backup';
import { BillingModule } from '@adiuva/billing';
import { assertConfiguration, DatabaseConfig, ServerConfig, type Environment } from '@adiuva/config';
import { connectEmbeddedPostgres } from '@adiuva/embedded';
import { PlatformModule } from '@adiuva/platform';
import { StorageModule } from '@adiuva/storage';
import { VectorsModule } from '@adiuva/vectors';
import { ENTITIES } from '../../../ormconfig';

@Module({})
class CommandModule {
  static with(environment: Environment): DynamicModule {
    return {
      module: CommandModule,
      imports: [
        PlatformModule.with(environment, ENTITIES),
        AuthModule,
        BackupModule,
        BillingModule,
        StorageModule,
        VectorsModule,
      ],
    };
  }
}

/** Runs a command on the database that the server uses: the given one, the embedded one of a running server, or the embedded one itself. */
export async function inContext(
  environment: Environment,
  work: (app: INestApplicationContext) => Promise<string>,
): Promise<string> {
  assertConfiguration(environment);
  const app = await NestFactory.createApplicationContext(CommandModule.with(await withDatabase(environment)), {
    logger: false,
    abortOnError: false,
  });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

/** The environment with the address of the embedded database where a server runs on it. */
export async function withDatabase(environment: Environment): Promise<Environment> {
  if (new DatabaseConfig(environment).DATABASE_URL !== undefined) return environment;
  const running = await connectEmbeddedPostgres(new ServerConfig(environment).DATA_DIR);
  return running === null ? environment : environment.with({ DATABASE_URL: running });
}
