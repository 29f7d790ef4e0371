import { createHmac, hkdfSync, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { openStream, sealStream } from '@adiuva/platform';
import type { KeyDerivation } from './manifest';

const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** 128 MiB and about half a second: what OWASP recommends for scrypt. */
const SCRYPT = { cost: 2 ** 17, blockSize: 8, parallelization: 1 } as const;

/** The keys of one archive: each part has one of its own, and so has the code that authenticates the manifest. */
export class ArchiveKeys {
  private constructor(private readonly root: Buffer) {}

  static async derive(passphrase: string, derivation: KeyDerivation): Promise<ArchiveKeys> {
    const { cost, blockSize, parallelization } = derivation;
    const salt = Buffer.from(derivation.salt, 'base64');
    const maxmem = 256 * cost * blockSize;
    const root = await new Promise<Buffer>((resolve, reject) => {
      const options = { cost, blockSize, parallelization, maxmem };
      scrypt(passphrase.normalize('NFC'), salt, KEY_BYTES, options, (error, key) => {
        if (error) reject(error);
        else resolve(key);
      });
    });
    return new ArchiveKeys(root);
  }

  /** Under a key of this very file: a part that is written again, after an interruption, has another. */
  async *seal(name: string, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const salt = randomBytes(SALT_BYTES);
    yield salt;
    yield* sealStream(this.key(name, salt), name, bytes);
  }

  /** Throws where a byte differs. */
  async *open(name: string, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const chunks = bytes[Symbol.asyncIterator]();
    let head = Buffer.alloc(0);
    while (head.length < SALT_BYTES) {
      const next: IteratorResult<Buffer, undefined> = await chunks.next();
      if (next.done === true) throw new Error('a part is cut');
      head = Buffer.concat([head, next.value]);
    }
    const rest = { [Symbol.asyncIterator]: () => chunks };
    yield* openStream(this.key(name, head.subarray(0, SALT_BYTES)), name, joined(head.subarray(SALT_BYTES), rest));
  }

  mac(text: string): string {
    return createHmac('sha256', this.key('mac', Buffer.alloc(0)))
      .update(text)
      .digest('base64');
  }

  verifyMac(text: string, mac: string): boolean {
    const [expected, given] = [Buffer.from(this.mac(text), 'base64'), Buffer.from(mac, 'base64')];
    return expected.length === given.length && timingSafeEqual(expected, given);
  }

  private key(name: string, salt: Buffer): Buffer {
    return Buffer.from(hkdfSync('sha256', this.root, salt, `adiuva/server-backup/1/${name}`, KEY_BYTES));
  }
}

export function newKeyDerivation(): KeyDerivation {
  return { name: 'scrypt', salt: randomBytes(SALT_BYTES).toString('base64'), ...SCRYPT };
}

async function* joined(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  yield* rest;
}
