import { hkdfSync, timingSafeEqual } from 'node:crypto';
import { openWith, sealWith } from '@adiuva/platform';

const BYTES = 32;

/**
 * Encrypts what leaves this process of one chat: AES-256-GCM under a key that HKDF-SHA-256 derives from the client's `resume_key`. User and
 * request are part of the derivation, stream and position are associated data. Only the client keeps the key.
 */
export class StreamCipher {
  /** Tells the right key from a wrong one; nothing follows from it about the key. */
  readonly verifier: Buffer;
  private readonly key: Buffer;

  constructor(resumeKey: string, userId: string, requestId: string) {
    const secret = Buffer.from(resumeKey, 'base64url');
    const derive = (purpose: string): Buffer =>
      Buffer.from(hkdfSync('sha256', secret, '', `adiuva/chat-stream/1/${purpose}|${userId}|${requestId}`, BYTES));
    this.key = derive('key');
    this.verifier = derive('verifier');
  }

  matches(verifier: Uint8Array): boolean {
    return verifier.length === BYTES && timingSafeEqual(verifier, this.verifier);
  }

  seal(value: unknown, streamId: string, position: string): Buffer {
    return sealWith(this.key, Buffer.from(JSON.stringify(value), 'utf8'), `${streamId}|${position}`);
  }

  /** Throws for what was sealed under another key or for another place. */
  open(sealed: Uint8Array, streamId: string, position: string): unknown {
    return JSON.parse(openWith(this.key, sealed, `${streamId}|${position}`).toString('utf8'));
  }
}
