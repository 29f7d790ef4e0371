import { randomUUID } from 'node:crypto';
import { MANIFEST } from '../../marketplace/package-samples';
import { zipOf } from '../../support/builders/zip';
import { FuzzClient, type Json } from '../client';
import type { Preparer } from '../prepared-request';

const BOUNDARY = 'fuzz';
const TYPE = `multipart/form-data; boundary=${BOUNDARY}`;
let versions = 0;

function packageForm(fields: object): Buffer {
  const manifest = JSON.stringify({ ...MANIFEST, name: `Plugin ${randomUUID()}`, ...fields });
  return Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="manifest"\r\n\r\n${manifest}\r\n`),
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="package"; filename="a.zip"\r\n`),
    Buffer.from('Content-Type: application/zip\r\n\r\n'),
    zipOf({ 'main.js': 'export default 1;\n' }),
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);
}

/** A plugin of the client that waits for its review. */
export async function plugin(client: FuzzClient, fields: object = {}): Promise<string> {
  return (await client.call('post', '/plugins', packageForm(fields), { 'content-type': TYPE })).plugin_id;
}

/** A plugin of another author that waits for its review. */
export async function othersPlugin({ target }: FuzzClient): Promise<string> {
  return plugin(await FuzzClient.register(target));
}

/** An author rates no own plugin. */
export async function publishedPlugin(client: FuzzClient): Promise<string> {
  const id = await othersPlugin(client);
  await client.asAdmin('post', `/admin/plugins/reviews/${id}`, { decision: 'approve' });
  return id;
}

export async function installed(client: FuzzClient): Promise<Json> {
  const id = await publishedPlugin(client);
  return { id, ...(await client.call('post', `/plugins/${id}/install`, {})) };
}

export const PLUGINS: Readonly<Record<string, Preparer>> = {
  submitPlugin: async () => ({ body: packageForm({}), type: TYPE }),
  submitPluginVersion: async (client) => {
    const name = `Plugin ${randomUUID()}`;
    const id = await plugin(client, { name });
    versions += 1;
    return { path: { id }, body: packageForm({ name, version: `1.${versions}.1` }), type: TYPE };
  },
  installPlugin: async () => ({ json: {} }),
  ratePlugin: async (client) => ({ path: { id: (await installed(client)).id }, json: { stars: 4, text: 'x' } }),
  uninstallPlugin: async (client) => ({ path: { id: (await installed(client)).id } }),
  decideReview: async (client) => ({ path: { id: await othersPlugin(client) }, json: { decision: 'approve' } }),
  releaseReview: async (client) => {
    const id = await othersPlugin(client);
    await client.call('post', `/admin/plugins/reviews/${id}/claim`);
    return { path: { id } };
  },
  unlistPlugin: async (client) => ({ path: { id: await publishedPlugin(client) }, json: {} }),
  relistPlugin: async (client) => {
    const id = await publishedPlugin(client);
    await client.asAdmin('post', `/admin/plugins/${id}/unlist`, {});
    return { path: { id } };
  },
  getEarnings: async () => ({ query: 'period=2026-01' }),
};
