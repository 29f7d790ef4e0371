// What runs inside Chromium, on the packed SDK; test/client/package.spec.ts calls these functions.
import * as sdk from '@adiuva/client';

const PASSWORD = 'a long walk by the sea';

const encode = (text) => new TextEncoder().encode(text);
const decode = (bytes) => new TextDecoder().decode(bytes);

globalThis.page = {
  /** A chat over the socket, in which the assistant reads this device's notes. */
  async chat(baseUrl, email) {
    const client = new sdk.AdiuvaClient({ baseUrl, tokens: await sdk.IndexedDbTokenStore.open() });
    await client.account.signUp({ email, password: PASSWORD });
    let text = '';
    let response;
    let asked = 0;
    const tools = { list_notes: () => ((asked += 1), [{ id: crypto.randomUUID(), title: 'Milk', project_id: null }]) };
    for await (const event of client.chats.stream({ message: 'list my notes' }, { tools }))
      if (event.type === 'token') text += event.text;
      else response = event.response;
    client.close();
    return { isWhole: text !== '' && text === response, namesNote: text.includes('Milk'), asked };
  },

  /** A note in IndexedDB reaches a second device, whose edit comes back. */
  async sync(baseUrl, email) {
    const laptop = await signIn(baseUrl, email, 'laptop');
    const phone = await signIn(baseUrl, email, 'phone');
    const id = crypto.randomUUID();
    await laptop.store.write('notes', id, encode('a note'));
    await laptop.sync();
    await phone.sync();
    const received = decode((await phone.store.get(id)).data);
    await phone.store.write('notes', id, encode('an edited note'));
    await phone.sync();
    await laptop.sync();
    laptop.store.close();
    const reopened = await sdk.IndexedDbSyncStore.open('laptop');
    return { received, edited: decode((await reopened.get(id)).data), dirty: (await reopened.dirtyIds()).length };
  },

  /** A new client as after a reload: its tokens are old enough to be refreshed with the first request. */
  async email(baseUrl) {
    const client = new sdk.AdiuvaClient({ baseUrl, tokens: await sdk.IndexedDbTokenStore.open() });
    return (await client.account.profile()).email;
  },

  /** A passkey of this browser's authenticator is made, signs in another client, and gives the PRF output of 32 bytes. */
  async passkey(baseUrl, email) {
    const client = new sdk.AdiuvaClient({ baseUrl });
    await client.account.signUp({ email, password: PASSWORD });
    const creation = PublicKeyCredential.parseCreationOptionsFromJSON(await client.security.passkeyCreationOptions());
    const created = await navigator.credentials.create({ publicKey: creation });
    await client.security.registerPasskey(created.toJSON(), 'Laptop');
    const second = new sdk.AdiuvaClient({ baseUrl });
    const request = PublicKeyCredential.parseRequestOptionsFromJSON(await second.security.passkeyRequestOptions());
    const extensions = { prf: { eval: { first: encode('adiuva keyring') } } };
    const assertion = await navigator.credentials.get({ publicKey: { ...request, extensions } });
    await second.security.signInWithPasskey(assertion.toJSON());
    const [{ name, last_used_at: lastUsedAt }] = await second.security.passkeys();
    const prf = assertion.getClientExtensionResults().prf.results.first.byteLength;
    const again = await second.security.signInWithPasskey(assertion.toJSON()).catch(({ code }) => code);
    return { email: (await second.account.profile()).email, name, isUsed: lastUsedAt !== null, prf, again };
  },

  /** A deletion, of whose answer 204 Chromium makes an empty body. */
  async deletion(baseUrl) {
    const client = new sdk.AdiuvaClient({ baseUrl, tokens: await sdk.IndexedDbTokenStore.open() });
    const { id } = await client.projects.create({ title: 'Notes', mode: 'build' });
    await client.projects.delete(id);
    return client.projects.get(id).catch(({ code }) => code);
  },

  /** The error that a caller gets for a refusal, and whether its request id passed CORS. */
  async refusal(baseUrl) {
    const client = new sdk.AdiuvaClient({ baseUrl, tokens: await sdk.IndexedDbTokenStore.open() });
    const error = await client.chat.playbook('none').catch((thrown) => thrown);
    return [error instanceof sdk.ApiProblem, error instanceof sdk.ClientError, error.code, error.requestId !== ''];
  },
};

async function signIn(baseUrl, email, name) {
  const client = new sdk.AdiuvaClient({ baseUrl });
  const { vault } = await client.account.signIn({ email, password: PASSWORD });
  const store = await sdk.IndexedDbSyncStore.open(name);
  return { store, sync: () => client.sync(vault, store) };
}
