import { existsSync, readFileSync } from 'node:fs';
import type { Provider } from '@nestjs/common';
import type { Setting, Shape, ValuesOf } from './settings';

/** A variable is missing or outside its limits. Names variables, never their values. */
export class ConfigurationError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`The configuration cannot be used:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'ConfigurationError';
  }
}

/** The variables this process was started with. Nothing else in the code base reads `process.env`. */
export class Environment {
  constructor(private readonly variables: Readonly<Record<string, string | undefined>>) {}

  /** `process.env`, completed by `.env` in the working directory where there is one. */
  static ofProcess(): Environment {
    if (existsSync('.env')) process.loadEnvFile('.env');
    return new Environment({ ...process.env });
  }

  get production(): boolean {
    return this.variables['ENV'] === 'prod';
  }

  with(overrides: Readonly<Record<string, string | undefined>>): Environment {
    return new Environment({ ...this.variables, ...overrides });
  }

  /** Reads one variable; `NAME_FILE` replaces `NAME` where the setting is a secret. An empty variable counts as not set. */
  raw(name: string, setting: Pick<Setting<unknown>, 'secret'>): string | undefined {
    const value = this.variables[name];
    if (value !== undefined && value !== '') return value;
    const file = setting.secret ? this.variables[`${name}_FILE`] : undefined;
    if (file === undefined || file === '') return undefined;
    try {
      return readFileSync(file, 'utf8').trimEnd();
    } catch (error) {
      throw new ConfigurationError([`${name}_FILE: the file cannot be read (${codeOf(error)})`]);
    }
  }
}

export interface SettingsClass<S extends Shape> {
  new (environment: Environment): ValuesOf<S>;
  readonly title: string;
  readonly shape: S;
}

/** Every class that `Settings` has made in this process. */
const KNOWN: SettingsClass<Shape>[] = [];

/**
 * The base class of a lib's configuration: `class AuthConfig extends Settings('Auth', {…}) {}`. An instance is frozen and has
 * the variables under their own names, so that a name found in `.env.example` is found in the code. `check` names what does not
 * fit together (half a provider, a weak secret in production). Throws `ConfigurationError`.
 */
export function Settings<S extends Shape>(
  title: string,
  shape: S,
  check: (values: ValuesOf<S>, production: boolean) => readonly string[] = () => [],
): SettingsClass<S> {
  class ReadSettings {
    static readonly title = title;
    static readonly shape = shape;

    constructor(environment: Environment) {
      const { values, faulty } = readAll(shape, environment);
      const together = check(values, environment.production);
      const faults = [
        ...faulty.values(),
        ...together.filter((fault) => !namesIn(fault).some((name) => faulty.has(name))),
      ];
      if (faults.length > 0) throw new ConfigurationError(faults);
      Object.freeze(Object.assign(this, values));
    }
  }
  const settings = ReadSettings as unknown as SettingsClass<S>;
  KNOWN.push(settings);
  return settings;
}

/** The variables that a fault is about. */
function namesIn(fault: string): readonly string[] {
  return fault.match(/[A-Z][A-Z0-9_]*/g) ?? [];
}

/** Reports the faults of all settings together. Call it when every module of the program is loaded. Throws `ConfigurationError`. */
export function assertConfiguration(environment: Environment): void {
  const faults = KNOWN.flatMap((settings) => {
    try {
      new settings(environment);
      return [];
    } catch (error) {
      if (error instanceof ConfigurationError) return error.faults;
      throw error;
    }
  });
  if (environment.production) faults.push(...equalSecrets(environment));
  if (faults.length > 0) throw new ConfigurationError([...new Set(faults)]);
}

/** One secret for two purposes: who learns it by one of them has the other. */
function equalSecrets(environment: Environment): string[] {
  const names = new Map<string, string>();
  const faults: string[] = [];
  for (const [name, setting] of KNOWN.flatMap(({ shape }) => Object.entries(shape))) {
    const secret = setting.secret === true ? valueOf(environment, name, setting) : undefined;
    const other = secret === undefined ? undefined : names.get(secret);
    if (other !== undefined && other !== name) faults.push(`${name}: has the same value as ${other}`);
    else if (secret !== undefined) names.set(secret, name);
  }
  return faults;
}

/** A file that cannot be read is reported with its settings. */
function valueOf(environment: Environment, name: string, setting: Setting<unknown>): string | undefined {
  try {
    return environment.raw(name, setting);
  } catch {
    return undefined;
  }
}

export function provideSettings<S extends Shape>(settings: SettingsClass<S>): Provider {
  return {
    provide: settings,
    useFactory: (environment: Environment) => new settings(environment),
    inject: [Environment],
  };
}

/** `faulty` has the fault of each variable that cannot be read; its value is the preset, so that the others are still checked together. */
function readAll<S extends Shape>(
  shape: S,
  environment: Environment,
): { readonly values: ValuesOf<S>; readonly faulty: ReadonlyMap<string, string> } {
  const faulty = new Map<string, string>();
  const values: Record<string, unknown> = {};
  const read = (name: string, setting: Setting<unknown>): string | undefined => {
    try {
      return environment.raw(name, setting) ?? setting.preset;
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      faulty.set(name, error.faults.join());
      return setting.preset;
    }
  };
  for (const [name, setting] of Object.entries(shape)) {
    const result = setting.schema.safeParse(read(name, setting));
    if (!result.success) {
      const why = result.error.issues.map((issue) => issue.message).join(', ');
      faulty.set(name, `${name}: ${setting.about} (${why})`);
    }
    values[name] = (result.success ? result : setting.schema.safeParse(setting.preset)).data;
  }
  return { values: values as ValuesOf<S>, faulty };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
