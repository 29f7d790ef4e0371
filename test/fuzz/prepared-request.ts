import type { FuzzClient } from './client';

/** The parts of a request that a schema cannot tell; what is absent is made from the schema. */
export interface PreparedRequest {
  readonly json?: unknown;
  readonly body?: Buffer;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
  /** Of each path parameter, by name. */
  readonly path?: Readonly<Record<string, string>>;
  /** Of another user than the client. */
  readonly token?: string;
}

/** Sends what has to come before a request of one operation, and resolves with that request. */
export type Preparer = (client: FuzzClient) => Promise<PreparedRequest>;
