import { Settings } from './environment.config';
import { choice, flag, integer, list, optionalSecret, optionalUrl, text } from './settings';

const SERVER = {
  ENV: choice('Where this runs; `prod` refuses weak secrets and pending migrations', ['dev', 'test', 'prod'], 'dev'),
  PORT: integer('TCP port of the public listener', 3000, { max: 65535 }),
  HOST: text('Address of the public listener', '127.0.0.1'),
  PUBLIC_URL: optionalUrl('How clients reach this server; where not set, http://localhost:PORT'),
  DATA_DIR: text('Folder of the embedded database, of blobs on disk and of generated secrets', 'data'),
  LOG_LEVEL: choice('Least severe log line', ['trace', 'debug', 'info', 'warn', 'error', 'silent'], 'info'),
  LOG_PRETTY: flag('Whether log lines are written for people instead of as JSON', false),
  CORS_ORIGINS: list(
    'Origins that browsers may call from; `*` matches any run of characters',
    'app://*,http://localhost:*',
  ),
  TRUST_PROXY: integer('Number of reverse proxies in front, whose X-Forwarded-For is believed', 0, { max: 10 }),
  METRICS_PORT: integer('TCP port on HOST for operators: /metrics, /health and /health/ready; 0 for none', 0, {
    max: 65535,
  }),
  SHUTDOWN_GRACE_MS: integer('Milliseconds that requests and streams get after SIGTERM', 25_000, { max: 600_000 }),
  SHUTDOWN_DELAY_MS: integer(
    'Milliseconds of SHUTDOWN_GRACE_MS, at most half of it, in which new requests are still served while readiness is 503: longer than balancers need to notice',
    3_000,
    { max: 300_000 },
  ),
  SOCKET_POLLING: flag(
    'Whether sockets may also use HTTP long polling; set it to false with several API processes, where only the websocket transport needs no sticky sessions',
    true,
  ),
  JOBS_IN_PROCESS: flag('Whether this process also runs background jobs', true),
  WORKER_ROLES: list(
    'What a process with background work carries out: `jobs`, `runs`, `notifications`',
    'jobs,runs,notifications',
  ),
};

const ANY_ORIGIN = 'CORS_ORIGINS: `*` lets every web page call with the tokens of its visitors; name the origins';

export class ServerConfig extends Settings('Server', SERVER, (values, production) =>
  production && values.CORS_ORIGINS.some((origin) => /^(?:https?:\/\/)?\*$/.test(origin)) ? [ANY_ORIGIN] : [],
) {
  get publicUrl(): string {
    return this.PUBLIC_URL ?? `http://localhost:${this.PORT}`;
  }

  get shutdownDelayMs(): number {
    return Math.min(this.SHUTDOWN_DELAY_MS, this.SHUTDOWN_GRACE_MS / 2);
  }
}

const DATABASE = {
  DATABASE_URL: {
    ...optionalUrl('postgres://… of the production database; where not set, an embedded PostgreSQL under DATA_DIR'),
    secret: true,
  },
  DATABASE_POOL: integer('Most connections of this process to the database', 20, { min: 2, max: 500 }),
  REDIS_URL: {
    ...optionalUrl('redis://… for rate limits that several nodes share; where not set, each node counts alone'),
    secret: true,
  },
  REDIS_PREFIX: text('What our keys in Redis begin with', 'adiuva'),
};

export class DatabaseConfig extends Settings('Database', DATABASE) {}

const SECRETS = {
  MASTER_KEY: optionalSecret(
    'Key under which sealed columns and tokens are encrypted, 32 bytes or more of text; where not set, made at the first start and kept in DATA_DIR (not in prod)',
  ),
  MASTER_KEY_PREVIOUS: optionalSecret(
    'The key before the last change: still opens what was sealed, until `npm run admin -- rewrap-keys` has run',
  ),
};

const MIN_SECRET = 32;
const DEFAULT_WORDS = /^(?:change.?me|secret|password|default|example|test|dev)/i;

export class SecretsConfig extends Settings('Secrets', SECRETS, (values, production) => [
  ...(production && values.MASTER_KEY === undefined ? ['MASTER_KEY: must be set in production'] : []),
  ...weakness('MASTER_KEY', values.MASTER_KEY),
]) {}

/** What is wrong with a secret, in words that do not give it away; empty when it is good enough for production. */
export function weakness(name: string, secret: string | undefined): readonly string[] {
  if (secret === undefined) return [];
  if (secret.length < MIN_SECRET) return [`${name}: shorter than ${MIN_SECRET} characters`];
  if (DEFAULT_WORDS.test(secret) || new Set(secret).size < 8) return [`${name}: looks like a default value`];
  return [];
}
