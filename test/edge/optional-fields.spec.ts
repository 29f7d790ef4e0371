import { ChangeMemoryDto } from '../../apps/api/src/agents/memory.dto';
import { LoginDto } from '../../apps/api/src/auth/auth.dto';
import { RegisterPasskeyDto } from '../../apps/api/src/auth/passkeys.dto';
import { validated } from '../../apps/api/src/edge/body/validation.pipe';

describe('an optional field that is null', () => {
  it('is absent for the handler', async () => {
    const login = await validated(LoginDto, { email: 'a@example.org', password: 'x', totp: null });
    expect(login.totp).toBeUndefined();
  });

  it('is absent in an object within the body, and stays in content of the user', async () => {
    const response = { clientDataJSON: 'a', attestationObject: 'b', transports: null, publicKey: null };
    const extensions = { prf: null, list: [null] };
    const body = { id: 'a', rawId: 'a', type: 'public-key', clientExtensionResults: extensions, response };
    const passkey = await validated(RegisterPasskeyDto, body);
    expect({ ...passkey.response }).toEqual({ clientDataJSON: 'a', attestationObject: 'b' });
    expect(passkey.clientExtensionResults).toEqual(extensions);
  });

  it('stays where null has a meaning', async () => {
    expect((await validated(ChangeMemoryDto, { agent: null })).toChange()).toEqual({ agent: null });
    expect((await validated(ChangeMemoryDto, { content: 'x' })).toChange()).toEqual({ content: 'x' });
  });
});
