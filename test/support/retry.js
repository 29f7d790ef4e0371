// CI machines are shared and noisy: a test that fails there is run again, twice at the most, and its first failure is printed.
jest.retryTimes(process.env.CI === undefined ? 0 : 2, { logErrorsBeforeRetry: true });
