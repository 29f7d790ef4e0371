import { z } from 'zod';
import { newDataKey, sealWith } from '@adiuva/platform';
import type { RunOutput } from '../run';
import { hpkeSeal, X25519_BYTES } from '../keys/hpke';

const LABEL = 'adiuva/result/1';

export const SealedResultShape = z.object({
  devices: z.array(z.object({ device_id: z.string(), wrapped_key: z.string() })),
  blob: z.string(),
});

/** A result that only the devices can open, as it is stored and sent. */
export type SealedResult = z.infer<typeof SealedResultShape>;

export interface DeviceKey {
  readonly id: string;
  readonly publicKey: Buffer;
}

/**
 * Encrypts the result once under a fresh key (0x01, IV, AES-256-GCM ciphertext, tag) and wraps that key for each device by HPKE.
 * Without such a device it is encrypted under `lentKey`, the key of a run with custody of a device; undefined where there is neither.
 */
export function sealResult(
  owner: { readonly userId: string; readonly runId: string },
  output: RunOutput,
  devices: readonly DeviceKey[],
  lentKey?: Buffer,
): SealedResult | undefined {
  const fresh = newDataKey();
  const wrapped = devices.flatMap((device) => wrap(owner, device, fresh) ?? []);
  const key = wrapped.length > 0 ? fresh : lentKey;
  if (!key) return undefined;
  const blob = sealWith(key, Buffer.from(JSON.stringify(output)), `${LABEL}|${owner.userId}|${owner.runId}`);
  return { devices: wrapped, blob: blob.toString('base64') };
}

function wrap(owner: { userId: string; runId: string }, device: DeviceKey, key: Buffer) {
  if (device.publicKey.length !== X25519_BYTES) return undefined;
  try {
    const associated = Buffer.from(`${owner.userId}|${owner.runId}|${device.id}`);
    const wrapped = hpkeSeal(device.publicKey, key, Buffer.from(LABEL), associated);
    return { device_id: device.id, wrapped_key: wrapped.toString('base64') };
  } catch {
    // A point of low order is no key; such a device gets nothing, the others do.
    return undefined;
  }
}
