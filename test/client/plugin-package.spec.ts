import { Http } from '../../libs/client/src/api/http';
import {
  installPlugin,
  PackageRefused,
  storeKeys,
  verifyPackage,
} from '../../libs/client/src/plugins/verified-package';
import { TestApp, type TestUser } from '../support/app';
import { zipOf } from '../support/builders/zip';
import { Store } from '../marketplace/store';

describe('a plugin package in the SDK', () => {
  let app: TestApp;
  let user: TestUser;
  let pluginId: string;
  const bytes = zipOf({ 'main.js': 'export default 42;\n' });

  beforeAll(async () => {
    app = await TestApp.start();
    user = await app.user('power');
    pluginId = await new Store(app).publish(await app.user(), {}, bytes);
  });
  afterAll(() => app.stop());

  const client = (tamper: (response: Response) => Promise<Response> | Response = (response) => response): Http => {
    const tokens = { current: async () => user.accessToken, renew: async () => undefined };
    return new Http({ baseUrl: app.url, fetch: async (input, init) => tamper(await fetch(input, init)) }, tokens);
  };
  const changing = (change: (content: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>) =>
    client(async (response) => {
      if (!response.url.includes('/plugin-packages/')) return response;
      return new Response(change(new Uint8Array(await response.arrayBuffer())), { headers: response.headers });
    });

  it('is installed and verified', async () => {
    const http = client();
    const installed = await installPlugin(http, pluginId, await storeKeys(http));
    expect([installed.version, Buffer.from(installed.bytes)]).toEqual(['1.0.0', bytes]);
  });

  it('is refused with one changed byte, wherever it is, cut short or made longer', async () => {
    const keys = await storeKeys(client());
    const flipped = (at: number) =>
      changing((content) => content.map((byte, index) => (index === at ? byte ^ 1 : byte)));
    for (const at of [0, 1, Math.floor(bytes.length / 2), bytes.length - 1]) {
      await expect(installPlugin(flipped(at), pluginId, keys)).rejects.toBeInstanceOf(PackageRefused);
    }
    await expect(
      installPlugin(
        changing((content) => content.slice(0, -1)),
        pluginId,
        keys,
      ),
    ).rejects.toBeInstanceOf(PackageRefused);
  });

  it('is refused as another plugin or version, and from a signer who is not known', async () => {
    const http = client();
    const keys = await storeKeys(http);
    const { body } = await app.call('get', `/plugins/${pluginId}`, user);
    const [published] = body.versions;
    const claim = {
      pluginId,
      version: '1.0.0',
      keyId: String(published.key_id),
      signature: Buffer.from(String(published.signature), 'base64'),
    };
    await verifyPackage(bytes, claim, keys);
    const wrong = [
      { pluginId: user.id },
      { version: '1.0.1' },
      { keyId: 'unknown' },
      { signature: Buffer.alloc(64) },
      { signature: Buffer.alloc(3) },
    ];
    for (const change of wrong) {
      await expect(verifyPackage(bytes, { ...claim, ...change }, keys)).rejects.toBeInstanceOf(PackageRefused);
    }
    await expect(verifyPackage(bytes, claim, [])).rejects.toBeInstanceOf(PackageRefused);
  });
});
