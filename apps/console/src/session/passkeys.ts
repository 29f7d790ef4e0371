import { ClientError, type PasskeyJson } from '@adiuva/client';
import { t } from '../texts/texts';

type CreationJson = Parameters<typeof PublicKeyCredential.parseCreationOptionsFromJSON>[0];
type RequestJson = Parameters<typeof PublicKeyCredential.parseRequestOptionsFromJSON>[0];

/** Passkeys need a browser that reads the options of the server, and a secure context. */
export function hasPasskeys(): boolean {
  return 'PublicKeyCredential' in globalThis && 'parseRequestOptionsFromJSON' in PublicKeyCredential;
}

/** Asks the browser for a passkey; `options` is what the server sent. */
export async function passkeyAssertion(options: Record<string, unknown>): Promise<PasskeyJson> {
  // WebAuthn gives these shapes; the browser refuses others.
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as unknown as RequestJson);
  return jsonOf(await navigator.credentials.get({ publicKey }).catch(refused));
}

/** Makes a passkey in the browser. */
export async function newPasskey(options: Record<string, unknown>): Promise<PasskeyJson> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options as unknown as CreationJson);
  return jsonOf(await navigator.credentials.create({ publicKey }).catch(refused));
}

function jsonOf(credential: Credential | null): PasskeyJson {
  if (!(credential instanceof PublicKeyCredential)) throw new ClientError('Passkey', t('auth.passkeyFailed'));
  return { ...credential.toJSON() };
}

function refused(cause: unknown): never {
  throw new ClientError('Passkey', t('auth.passkeyFailed'), { cause });
}
