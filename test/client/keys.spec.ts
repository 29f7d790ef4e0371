import { hkdfSync } from 'node:crypto';
import { hashRaw } from '@node-rs/argon2';
import { fromBase64, toBase64 } from '../../libs/client/src/crypto/bytes';
import { DecryptError } from '../../libs/client/src/crypto/decrypt-error';
import { isVouchedFor, newIdentityPair, newSealingPair, signDevice } from '../../libs/client/src/crypto/key-pairs';
import {
  createKeyring,
  decodeKeyring,
  encodeKeyring,
  openPair,
  unlockWithPassword,
  unlockWithRecovery,
  withPassword,
  withRecovery,
} from '../../libs/client/src/crypto/keyring';
import { KdfRefused, passwordKeys } from '../../libs/client/src/crypto/password';
import { newRecoveryWords, recoveryKey } from '../../libs/client/src/crypto/recovery';
import known from './vectors/sealed.json';

const OTHER_KEY = new Uint8Array(32).fill(1);

function knownKeys() {
  return passwordKeys(known.password, known.salt, known.kdf);
}

describe('the password', () => {
  test('becomes the authentication secret that other implementations of Argon2id and HKDF give', async () => {
    const secret = await hashRaw(known.password.normalize('NFKC'), {
      salt: Buffer.from(known.salt, 'base64'),
      memoryCost: known.kdf.m,
      timeCost: known.kdf.t,
      parallelism: known.kdf.p,
      outputLen: 32,
    });
    const expected = Buffer.from(hkdfSync('sha256', secret, '', 'adiuva/account/1/auth', 32)).toString('base64');
    expect((await knownKeys()).authSecret).toBe(expected);
    expect(known.authSecret).toBe(expected);
  });

  test('gives an authentication secret that says nothing of the key that wraps', async () => {
    const { authSecret, keyEncryptionKey } = await knownKeys();
    expect(toBase64(keyEncryptionKey)).not.toBe(authSecret);
  });

  test('is the same however its letters are composed', async () => {
    const decomposed = await passwordKeys(known.password.normalize('NFD'), known.salt, known.kdf);
    expect(decomposed.authSecret).toBe(known.authSecret);
  });

  test.each([
    ['too little memory', { m: 19_455 }],
    ['one pass', { t: 1 }],
    ['no lane', { p: 0 }],
    ['another algorithm', { alg: 'pbkdf2' }],
    ['half a pass', { t: 2.5 }],
    ['a gigabyte too much', { m: 2_097_152 }],
  ])('is never derived with %s', async (_name, change) => {
    await expect(passwordKeys(known.password, known.salt, { ...known.kdf, ...change })).rejects.toThrow(KdfRefused);
  });

  test('is never derived with a short salt', async () => {
    await expect(passwordKeys(known.password, toBase64(new Uint8Array(15)), known.kdf)).rejects.toThrow(KdfRefused);
  });
});

describe('a keyring', () => {
  test('of the committed version opens with its password and with its recovery words', async () => {
    const keyring = decodeKeyring(known.keyring);
    const byPassword = await unlockWithPassword(known.userId, keyring, (await knownKeys()).keyEncryptionKey);
    const byWords = await unlockWithRecovery(known.userId, keyring, ` ${known.recoveryWords.toUpperCase()}  `);
    expect(byWords.key('records')).toEqual(byPassword.key('records'));
  });

  test('survives its trip through the server unchanged', async () => {
    const { keyring } = await createKeyring('user', OTHER_KEY);
    expect(decodeKeyring(encodeKeyring(keyring))).toEqual(keyring);
    expect(encodeKeyring(keyring).length).toBeLessThan(65_536);
  });

  test('opens neither with another password nor for another user', async () => {
    const { keyring } = await createKeyring('user', OTHER_KEY);
    await expect(unlockWithPassword('user', keyring, new Uint8Array(32))).rejects.toThrow(DecryptError);
    await expect(unlockWithPassword('somebody', keyring, OTHER_KEY)).rejects.toThrow(DecryptError);
    await expect(unlockWithRecovery('user', keyring, await newRecoveryWords())).rejects.toThrow(DecryptError);
  });

  test('opens with both passwords while they change, and then only with the new one', async () => {
    const newKey = new Uint8Array(32).fill(2);
    const { keyring, vault } = await createKeyring('user', OTHER_KEY);
    const between = await withPassword(keyring, vault, newKey, true);
    for (const key of [OTHER_KEY, newKey])
      await expect(unlockWithPassword('user', between, key)).resolves.toBeDefined();
    const after = await withPassword(keyring, vault, newKey, false);
    await expect(unlockWithPassword('user', after, OTHER_KEY)).rejects.toThrow(DecryptError);
  });

  test('with new recovery words no longer opens with the old ones', async () => {
    const { keyring, vault, recoveryWords } = await createKeyring('user', OTHER_KEY);
    const renewed = await withRecovery(keyring, vault);
    await expect(unlockWithRecovery('user', renewed.keyring, recoveryWords)).rejects.toThrow(DecryptError);
    await expect(unlockWithRecovery('user', renewed.keyring, renewed.recoveryWords)).resolves.toBeDefined();
  });

  test('refuses a public key that the server put in', async () => {
    const { keyring, vault } = await createKeyring('user', OTHER_KEY);
    const forged = { ...keyring, sealing: { ...keyring.sealing, publicKey: toBase64(newSealingPair().publicKey) } };
    await expect(openPair(vault, forged, 'sealing')).rejects.toThrow(DecryptError);
    await expect(openPair(vault, keyring, 'sealing')).resolves.toMatchObject({
      publicKey: fromBase64(keyring.sealing.publicKey),
    });
  });

  test('of a later version is refused, not overwritten', () => {
    const later = Buffer.from(JSON.stringify({ v: 2 })).toString('base64');
    expect(() => decodeKeyring(later)).toThrow(RangeError);
  });
});

describe('recovery words', () => {
  test('are 24 and carry a checksum', async () => {
    const words = (await newRecoveryWords()).split(' ');
    expect(words).toHaveLength(24);
    // Fixed words: of random ones with a mistake, one in 256 has the right checksum by chance.
    const rest = [...Array<string>(22).fill('abandon'), 'art'].join(' ');
    await expect(recoveryKey(`abandon ${rest}`)).resolves.toHaveLength(32);
    await expect(recoveryKey(`zoo ${rest}`)).rejects.toThrow();
    await expect(recoveryKey(words.slice(0, 12).join(' '))).rejects.toThrow();
  });
});

describe('a device key', () => {
  test('is vouched for by the identity of its user only', () => {
    const identity = newIdentityPair();
    const device = newSealingPair();
    const signature = signDevice(identity, 'user', device.publicKey);
    expect(isVouchedFor(identity.publicKey, 'user', device.publicKey, signature)).toBe(true);
    expect(isVouchedFor(identity.publicKey, 'somebody', device.publicKey, signature)).toBe(false);
    expect(isVouchedFor(identity.publicKey, 'user', newSealingPair().publicKey, signature)).toBe(false);
    expect(isVouchedFor(newIdentityPair().publicKey, 'user', device.publicKey, signature)).toBe(false);
    expect(isVouchedFor(identity.publicKey, 'user', device.publicKey, signature.slice(1))).toBe(false);
  });
});
