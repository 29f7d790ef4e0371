import { bytesOf } from '../edge/body/base64';

const KEY_BYTES = 32;
const KEYRING_BYTES = 65_536;

export const RECOVERY_KEY = {
  format: 'byte',
  maxLength: 44,
  example: 'gPj0rxUe2qN6xcPZUHsvVlRtSAVDiyMHsjRZyFHvK5M=',
} as const;

export const KEYRING = { format: 'byte', maxLength: 4 * Math.ceil(KEYRING_BYTES / 3) } as const;

/** Null where none was given. @throws Problem `validation_failed` */
export function recoveryKeyOf(text: string | null | undefined): Buffer | null {
  return text === null || text === undefined ? null : bytesOf('recovery_key', text, KEY_BYTES, KEY_BYTES);
}

/** @throws Problem `validation_failed` */
export function keyringBytes(text: string): Buffer {
  return bytesOf('keyring', text, 1, KEYRING_BYTES);
}
