/** @type {import('jest').Config} */
module.exports = {
  testMatch: ['<rootDir>/test/**/*.spec.ts'],
  testEnvironment: '<rootDir>/test/support/environment.js',
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  runtime: '<rootDir>/test/support/runtime.js',
  setupFiles: ['<rootDir>/test/support/thread-loader.js'],
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  moduleNameMapper: { '^@adiuva/([a-z-]+)$': '<rootDir>/libs/$1/src' },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/libs/client/dist'],
  testTimeout: 60_000,
  maxWorkers: 2,
};
