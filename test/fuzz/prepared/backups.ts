import { createHash, randomBytes } from 'node:crypto';
import type { FuzzClient } from '../client';
import type { Preparer } from '../prepared-request';

const BYTES = randomBytes(100);
const CHECKSUM = createHash('sha256').update(BYTES).digest('hex');
const BINARY = 'application/octet-stream';
const UPLOAD = { version: 1, timestamp: 1_767_225_600_000, checksum: CHECKSUM, size_bytes: 100, chunk_size: 65_536 };

const headersOf = () => ({
  'content-type': BINARY,
  'x-backup-version': '1',
  'x-backup-timestamp': '1767225600000',
  'x-backup-checksum': CHECKSUM,
});

export async function backup(client: FuzzClient): Promise<string> {
  return (await client.call('put', '/backup', BYTES, headersOf())).id;
}

export function upload(client: FuzzClient): Promise<string> {
  return client.post('/backup/uploads', UPLOAD);
}

const chunk = { 'content-type': BINARY, 'x-checksum': CHECKSUM };

export const BACKUPS: Readonly<Record<string, Preparer>> = {
  createBackup: async () => ({ body: BYTES, type: BINARY, headers: headersOf() }),
  getLatestBackup: async (client) => {
    await backup(client);
    return {};
  },
  beginUpload: async () => ({ json: UPLOAD }),
  putChunk: async () => ({ body: BYTES, type: BINARY, headers: chunk }),
  completeUpload: async (client) => {
    const id = await upload(client);
    await client.call('put', `/backup/uploads/${id}/chunks/0`, BYTES, chunk);
    return { path: { id } };
  },
  deleteBackup: async (client) => ({ path: { id: await backup(client) }, json: {} }),
  restoreBackup: async (client) => {
    const id = await backup(client);
    await client.call('delete', `/backup/${id}`, {});
    return { path: { id } };
  },
};
