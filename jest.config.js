// ESM-only packages are compiled to CommonJS, because jest on Node 20 cannot require them.
const ESM_PACKAGES = [
  'entities',
  'temporal-polyfill',
  'temporal-utils',
  'rrule-temporal',
  'croner',
  '@nestjs',
  '@noble',
  '@scure',
  'file-type',
  'jose',
  'load-esm',
  'strtok3',
  'token-types',
  'uint8array-extras',
  'uuid',
  'p-queue',
  'p-timeout',
  'is-network-error',
  'eventemitter3',
].join('|');

/** @type {import('jest').Config} */
module.exports = {
  testMatch: ['<rootDir>/test/**/*.spec.ts'],
  testEnvironment: '<rootDir>/test/support/environment.js',
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  setupFiles: ['<rootDir>/test/support/thread-loader.js'],
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  transform: { '^.+\\.[mc]?[jt]s$': ['@swc/jest'] },
  transformIgnorePatterns: [`/node_modules/(?!(?:${ESM_PACKAGES})/)`],
  moduleNameMapper: { '^@adiuva/([a-z-]+)$': '<rootDir>/libs/$1/src' },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/libs/client/dist'],
  testTimeout: 30_000,
  maxWorkers: 2,
};
