/** Every error that this client throws on purpose; `name` says which. */
export class ClientError extends Error {
  constructor(name: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}

/** Why there is no answer: no connection, none in time, one that broke, or bytes that are not those that were sent. */
export type ConnectionFailure = 'unreachable' | 'timeout' | 'closed' | 'damaged';

/** The server did not answer, or not whole. What was asked may have been done. */
export class ConnectionProblem extends ClientError {
  constructor(
    readonly code: ConnectionFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super('ConnectionProblem', message, options);
  }
}
