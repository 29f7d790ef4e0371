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
  // For a hanging test alone: an idle machine needs less than a minute for the slowest, and a busy one is four times slower.
  testTimeout: 300_000,
  maxWorkers: 2,
};
