import { createCipheriv, createDecipheriv } from 'node:crypto';

const CHUNK_BYTES = 65_536;
const TAG_BYTES = 16;
const IV_BYTES = 12;

/**
 * AES-256-GCM in chunks of 64 KiB, so that a file of any size is encrypted and decrypted while it passes. The key is of one file; the nonce
 * is the number of the chunk, and the associated data say whether it is the last, so that chunks cannot be removed, added or moved.
 */
export async function* sealStream(key: Buffer, label: string, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let [rest, index] = [Buffer.alloc(0), 0];
  for await (const part of bytes) {
    rest = Buffer.concat([rest, part]);
    while (rest.length > CHUNK_BYTES) {
      yield sealChunk(key, label, index, false, rest.subarray(0, CHUNK_BYTES));
      rest = rest.subarray(CHUNK_BYTES);
      index += 1;
    }
  }
  yield sealChunk(key, label, index, true, rest);
}

/** Throws where a byte, the order or the length differs; what was yielded before is genuine. */
export async function* openStream(key: Buffer, label: string, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const size = CHUNK_BYTES + TAG_BYTES;
  let [rest, index] = [Buffer.alloc(0), 0];
  for await (const part of bytes) {
    rest = Buffer.concat([rest, part]);
    while (rest.length > size) {
      yield openChunk(key, label, index, false, rest.subarray(0, size));
      rest = rest.subarray(size);
      index += 1;
    }
  }
  yield openChunk(key, label, index, true, rest);
}

/** Of the sealed bytes. */
export function sealedSize(size: number): number {
  return size + Math.max(1, Math.ceil(size / CHUNK_BYTES)) * TAG_BYTES;
}

function sealChunk(key: Buffer, label: string, index: number, isLast: boolean, plain: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, ivOf(index)).setAAD(associated(label, isLast));
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function openChunk(key: Buffer, label: string, index: number, isLast: boolean, sealed: Buffer): Buffer {
  if (sealed.length < TAG_BYTES) throw new Error('a chunk is cut');
  const end = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, ivOf(index))
    .setAAD(associated(label, isLast))
    .setAuthTag(sealed.subarray(end));
  return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
}

function ivOf(index: number): Buffer {
  const iv = Buffer.alloc(IV_BYTES);
  iv.writeUIntBE(index, IV_BYTES - 6, 6);
  return iv;
}

function associated(label: string, isLast: boolean): Buffer {
  return Buffer.from(`${label}|${isLast ? 'last' : 'more'}`, 'utf8');
}
