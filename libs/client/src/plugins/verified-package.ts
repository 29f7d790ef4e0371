import { ed25519 } from '@noble/curves/ed25519.js';
import { ClientError } from '../client-error';
import type { Http } from '../api/http';
import { checksum, fromBase64, owned, utf8, type Bytes } from '../crypto/bytes';

/** A public key of the store; `publicKey` has 32 bytes. Pin it in the app where you can. */
export interface StoreKey {
  readonly id: string;
  readonly publicKey: Uint8Array;
}

/** What is said about a package: that it is this version of this plugin, and who vouches for it. */
export interface PackageClaim {
  readonly pluginId: string;
  readonly version: string;
  readonly keyId: string;
  /** Ed25519, 64 bytes. */
  readonly signature: Uint8Array;
}

/** The bytes are not what the store has approved under this name. Do not unpack them. */
export class PackageRefused extends ClientError {
  constructor(reason: string) {
    super('PackageRefused', `This plugin package must not be used: ${reason}`);
  }
}

/** Returns the bytes when one of `keys` vouches for exactly them as this version of this plugin. @throws PackageRefused */
export async function verifyPackage(bytes: Uint8Array, claim: PackageClaim, keys: readonly StoreKey[]): Promise<Bytes> {
  const signer = keys.find((key) => key.id === claim.keyId);
  if (!signer) throw new PackageRefused('its signer is not known');
  const content = owned(bytes);
  const lines = ['adiuva plugin package 1', claim.pluginId, claim.version, await checksum(content), content.length, ''];
  if (!isSignature(claim.signature, utf8(lines.join('\n')), signer.publicKey)) {
    throw new PackageRefused('its signature does not match');
  }
  return content;
}

/** The store's keys as the server publishes them. */
export async function storeKeys(http: Http, signal?: AbortSignal): Promise<readonly StoreKey[]> {
  const { keys } = await http.json<{ keys: readonly { key_id: string; public_key: string }[] }>(
    'GET',
    '/plugins/signing-key',
    { anonymous: true, signal },
  );
  return keys.map((key) => ({ id: key.key_id, publicKey: fromBase64(key.public_key) }));
}

/** Installs a plugin and returns its verified package. @throws PackageRefused, ApiProblem (`payment_required` has `checkout_url`) */
export async function installPlugin(
  http: Http,
  pluginId: string,
  keys: readonly StoreKey[],
  version?: string,
  signal?: AbortSignal,
): Promise<{ readonly version: string; readonly bytes: Bytes }> {
  const body = { plugin_id: pluginId, ...(version === undefined ? {} : { version }) };
  const { download_url: address } = await http.json<{ download_url: string }>('POST', `/plugins/${pluginId}/install`, {
    body,
    signal,
  });
  const path = new URL(address).pathname.replace(/^.*\/api\/v1/, '');
  const response = await http.send('GET', path, { anonymous: true, signal });
  const header = (name: string): string => response.headers.get(name) ?? '';
  const claim: PackageClaim = {
    pluginId,
    version: version ?? header('x-plugin-version'),
    keyId: header('x-signature-key'),
    signature: fromBase64(header('x-signature')),
  };
  return {
    version: claim.version,
    bytes: await verifyPackage(new Uint8Array(await response.arrayBuffer()), claim, keys),
  };
}

function isSignature(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, publicKey);
  } catch {
    return false;
  }
}
