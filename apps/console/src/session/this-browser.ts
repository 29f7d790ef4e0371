import { newSealingPair, type DeviceDto } from '@adiuva/client';
import type { Unlocked } from './session';

/** Registers this browser as a device of the account; its private key stays here. */
export async function registerThisBrowser({ client, keys, vault }: Unlocked): Promise<DeviceDto> {
  const pair = newSealingPair();
  const device = await client.account.registerDevice(vault, browserName(navigator.userAgent), pair);
  await keys.saveDevice({ id: device.id, privateKey: pair.privateKey });
  return device;
}

/** Such as `Firefox, Linux`. */
export function browserName(userAgent: string): string {
  const find = (known: readonly (readonly [RegExp, string])[]): string | undefined =>
    known.find(([pattern]) => pattern.test(userAgent))?.[1];
  const browser = find([
    [/Edg\//, 'Edge'],
    [/Firefox\//, 'Firefox'],
    [/Chrome\//, 'Chrome'],
    [/Safari\//, 'Safari'],
  ]);
  const system = find([
    [/Android/, 'Android'],
    [/iPhone|iPad/, 'iOS'],
    [/Windows/, 'Windows'],
    [/Mac OS/, 'macOS'],
    [/Linux/, 'Linux'],
  ]);
  return [browser ?? 'Browser', system].filter((part) => part !== undefined).join(', ');
}
