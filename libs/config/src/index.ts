export {
  assertConfiguration,
  ConfigurationError,
  Environment,
  provideSettings,
  Settings,
  type SettingsClass,
} from './environment.config';
export { RELEASE } from './release.config';
export { DatabaseConfig, SecretsConfig, ServerConfig, weakness } from './server.config';
export * as setting from './settings';
