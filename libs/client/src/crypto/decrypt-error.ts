/** Sealed bytes did not open: damaged, cut, of another user, place or version, or sealed under another key. */
export class DecryptError extends Error {
  constructor(what: string, options?: ErrorOptions) {
    super(`${what} cannot be opened with these keys in this place`, options);
    this.name = 'DecryptError';
  }
}
