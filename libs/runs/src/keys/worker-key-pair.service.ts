import { Injectable } from '@nestjs/common';
import { hpkeOpen, hpkeSeal, newKeyPair, rawKey } from './hpke';

const INFO = Buffer.from('adiuva/run-key/1');

/** The key pair of this process. It is never stored, so that what is encrypted to it is gone with the process. */
@Injectable()
export class WorkerKeyPair {
  private readonly pair = newKeyPair();
  readonly publicKey = rawKey(this.pair.publicKey);

  /** Only this process takes jobs of it. */
  readonly task = `run_step_${this.publicKey.toString('hex')}`;

  /** @throws Error for a key that was not wrapped for this process and run */
  unwrap(runId: string, wrapped: Buffer): Buffer {
    return hpkeOpen(this.pair, wrapped, INFO, Buffer.from(runId));
  }
}

export function wrapForWorker(publicKey: Buffer, runId: string, key: Buffer): Buffer {
  return hpkeSeal(publicKey, key, INFO, Buffer.from(runId));
}
