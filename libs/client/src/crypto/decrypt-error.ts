import { ClientError } from '../client-error';

/** Sealed bytes did not open: damaged, cut, of another user, place or version, or sealed under another key. */
export class DecryptError extends ClientError {
  constructor(what: string, options?: ErrorOptions) {
    super('DecryptError', `${what} cannot be opened with these keys in this place`, options);
  }
}
