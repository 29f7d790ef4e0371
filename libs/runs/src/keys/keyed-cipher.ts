import { openWith, sealWith } from '@adiuva/platform';
import type { RunCipher } from '../run-cipher';

/** What the worker alone reads. Questions and answers pass through the process that has the socket, so it must read them. */
const WORKER_COLUMNS = /^run_steps\.(?:output|journal)\|/;

/** Seals what a run has made under the key that a device has lent as well: without it the server cannot read that, even while the run is active. */
export class KeyedCipher implements RunCipher {
  constructor(
    private readonly inner: RunCipher,
    readonly key: Buffer,
  ) {}

  seal(column: string, text: string): Buffer {
    if (!WORKER_COLUMNS.test(column)) return this.inner.seal(column, text);
    return this.inner.seal(column, sealWith(this.key, Buffer.from(text, 'utf8'), column).toString('base64'));
  }

  open(column: string, sealed: Uint8Array): string {
    const text = this.inner.open(column, sealed);
    if (!WORKER_COLUMNS.test(column)) return text;
    return openWith(this.key, Buffer.from(text, 'base64'), column).toString('utf8');
  }
}
