import { ave1Keys } from '../../libs/client/src/ave1/sketcher';
import { VectorSealer } from '../../libs/client/src/ave1/vector-blob';
import {
  BACKUP_PART,
  newBackupSalt,
  openBackup,
  sealBackup,
  sealedBackupLength,
} from '../../libs/client/src/crypto/backup-stream';
import { checksum, concat, fromBase64, fromUtf8, utf8, type Bytes } from '../../libs/client/src/crypto/bytes';
import { DecryptError } from '../../libs/client/src/crypto/decrypt-error';
import { decodeKeyring, unlockWithRecovery } from '../../libs/client/src/crypto/keyring';
import { openRecord, sealRecord } from '../../libs/client/src/crypto/records';
import { Vault } from '../../libs/client/src/crypto/vault';
import known from './vectors/sealed.json';

const vault = Vault.create('user');

async function* inChunks(bytes: Uint8Array, size = 100_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(parts: AsyncIterable<Uint8Array>): Promise<Bytes> {
  const all: Uint8Array[] = [];
  for await (const part of parts) all.push(part);
  return concat(...all);
}

function flipped(bytes: Uint8Array, at: number): Bytes {
  return Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ 1 : byte));
}

describe('a record', () => {
  const at = { table: 'notes', id: 'a', version: 3 };

  test('of the committed version opens', async () => {
    const old = await unlockWithRecovery(known.userId, decodeKeyring(known.keyring), known.recoveryWords);
    expect(fromUtf8(await openRecord(old, known.record.at, fromBase64(known.record.sealed)))).toBe(known.record.plain);
  });

  test.each([
    ['id', { id: 'b' }],
    ['table', { table: 'tasks' }],
    ['version', { version: 2 }],
  ])('does not open under another %s', async (_name, change) => {
    const sealed = await sealRecord(vault, at, utf8('text'));
    await expect(openRecord(vault, { ...at, ...change }, sealed)).rejects.toThrow(DecryptError);
  });

  test('does not open for another user, with another key, damaged or cut', async () => {
    const sealed = await sealRecord(vault, at, utf8('text'));
    const namesake = new Vault('somebody', new Uint8Array(32));
    const twin = new Vault('user', new Uint8Array(32));
    await expect(openRecord(twin, at, await sealRecord(namesake, at, utf8('text')))).rejects.toThrow(DecryptError);
    await expect(openRecord(Vault.create('user'), at, sealed)).rejects.toThrow(DecryptError);
    for (let i = 0; i < sealed.length; i += 1) {
      await expect(openRecord(vault, at, flipped(sealed, i))).rejects.toThrow(DecryptError);
    }
    for (const length of [0, 28, sealed.length - 1]) {
      await expect(openRecord(vault, at, sealed.slice(0, length))).rejects.toThrow(DecryptError);
    }
  });

  test('never looks the same twice', async () => {
    const [a, b] = await Promise.all([sealRecord(vault, at, utf8('text')), sealRecord(vault, at, utf8('text'))]);
    expect(a).not.toEqual(b);
  });
});

describe('a vector', () => {
  const sealer = new VectorSealer(ave1Keys(new Uint8Array(32).fill(4), 'm', 4));
  const at = { userId: 'user', collection: 'notes', id: 'a', epoch: 1, model: 'm' };
  const content = { vector: Float32Array.of(0.5, -0.25, 1, 0), metadata: { title: 'Milk' } };

  test('of the committed version opens', async () => {
    const { at: place, blob, vector, metadata, vectorKey } = known.vector;
    const old = new VectorSealer(ave1Keys(fromBase64(vectorKey), 'use-lite', 4));
    expect(await old.open(place, fromBase64(blob))).toEqual({ vector: Float32Array.from(vector), metadata });
  });

  test.each([
    ['user', { userId: 'somebody' }],
    ['collection', { collection: 'mail' }],
    ['id', { id: 'b' }],
    ['epoch', { epoch: 2 }],
    ['model', { model: 'n' }],
  ])('does not open under another %s', async (_name, change) => {
    const blob = await sealer.seal(at, content);
    expect(await sealer.open(at, blob)).toEqual(content);
    await expect(sealer.open({ ...at, ...change }, blob)).rejects.toThrow(DecryptError);
  });

  test('does not open damaged or cut', async () => {
    const blob = await sealer.seal(at, content);
    await expect(sealer.open(at, flipped(blob, 20))).rejects.toThrow(DecryptError);
    await expect(sealer.open(at, blob.slice(0, -1))).rejects.toThrow(DecryptError);
  });
});

describe('a backup', () => {
  const salt = newBackupSalt();
  const plain = Uint8Array.from({ length: 2 * BACKUP_PART + 12_345 }, (_, i) => (i * 31) ^ (i >>> 8));

  test('of the committed version opens', async () => {
    const old = await unlockWithRecovery(known.userId, decodeKeyring(known.keyring), known.recoveryWords);
    expect(fromUtf8(await collect(openBackup(old, inChunks(fromBase64(known.backup.sealed)))))).toBe(
      known.backup.plain,
    );
  });

  test.each([0, 1, BACKUP_PART, BACKUP_PART + 1, plain.length])('of %i bytes comes back whole', async (length) => {
    const sealed = await collect(sealBackup(vault, salt, inChunks(plain.subarray(0, length))));
    expect(sealed.length).toBe(sealedBackupLength(length));
    expect(await checksum(await collect(openBackup(vault, inChunks(sealed, 77_777))))).toBe(
      await checksum(plain.slice(0, length)),
    );
  });

  test('sealed again with its salt is the same bytes, so that an upload can go on', async () => {
    const once = await checksum(await collect(sealBackup(vault, salt, inChunks(plain))));
    expect(await checksum(await collect(sealBackup(vault, salt, inChunks(plain, 999))))).toBe(once);
    expect(await checksum(await collect(sealBackup(vault, newBackupSalt(), inChunks(plain))))).not.toBe(once);
  });

  test('does not open cut, extended, reordered, damaged or for another user', async () => {
    const sealed = await collect(sealBackup(vault, salt, inChunks(plain)));
    const part = 28 + BACKUP_PART;
    const [head, first, second, rest] = [
      sealed.slice(0, 17),
      sealed.slice(17, 17 + part),
      sealed.slice(17 + part, 17 + 2 * part),
      sealed.slice(17 + 2 * part),
    ];
    const bad = [
      concat(head, first, second),
      concat(head, first),
      head,
      concat(head, second, first, rest),
      concat(head, first, rest),
      concat(sealed, rest),
      flipped(sealed, 100),
      flipped(sealed, 5),
    ];
    for (const bytes of bad) await expect(collect(openBackup(vault, inChunks(bytes)))).rejects.toThrow(DecryptError);
    const other = new Vault('somebody', new Uint8Array(32));
    await expect(collect(openBackup(other, inChunks(sealed)))).rejects.toThrow(DecryptError);
  });
});
