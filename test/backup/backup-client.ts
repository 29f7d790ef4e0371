import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type request from 'supertest';
import { checksumOf } from '@adiuva/kernel';
import type { TestApp, TestUser } from '../support/app';

/** Sends a backup as one body. */
export function putBackup(
  app: TestApp,
  user: TestUser,
  bytes: Buffer,
  headers: Record<string, string> = {},
): request.Test {
  return app
    .call('put', '/backup', user)
    .set('X-Backup-Version', '1.0.0')
    .set('X-Backup-Timestamp', String(Date.now()))
    .set('X-Backup-Checksum', checksumOf(bytes))
    .set('Content-Type', 'application/octet-stream')
    .set(headers)
    .send(bytes);
}

export async function stored(app: TestApp, user: TestUser, bytes: Buffer = randomBytes(1_000)): Promise<string> {
  const { body } = await putBackup(app, user, bytes).expect(200);
  return body.id;
}

export function begin(
  app: TestApp,
  user: TestUser,
  bytes: Buffer,
  chunkSize: number,
  fields: object = {},
): request.Test {
  return app.call('post', '/backup/uploads', user).send({
    version: '1.0.0',
    timestamp: Date.now(),
    checksum: checksumOf(bytes),
    size_bytes: bytes.length,
    chunk_size: chunkSize,
    ...fields,
  });
}

export async function begun(app: TestApp, user: TestUser, bytes: Buffer, chunkSize: number): Promise<string> {
  const { body } = await begin(app, user, bytes, chunkSize).expect(200);
  return body.id;
}

export function putChunk(
  app: TestApp,
  user: TestUser,
  id: string,
  number: number | string,
  bytes: Buffer,
  checksum = checksumOf(bytes),
): request.Test {
  return app
    .call('put', `/backup/uploads/${id}/chunks/${number}`, user)
    .set('X-Checksum', checksum)
    .set('Content-Type', 'application/octet-stream')
    .send(bytes);
}

/** Announces a body, sends only `part` of it, and hangs up after `until` unless there was an answer; its status, or 0. */
export function sendPart(
  app: TestApp,
  user: TestUser,
  length: number,
  part: Buffer,
  until: () => Promise<unknown> = () => pause(200),
): Promise<number> {
  return new Promise((resolve, reject) => {
    const sending = httpRequest(`${app.url}/api/v1/backup`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${user.accessToken}`,
        'x-backup-version': '1',
        'x-backup-timestamp': '1',
        'x-backup-checksum': 'a'.repeat(64),
        'content-length': length,
      },
    });
    sending.once('response', (response) => {
      sending.destroy();
      resolve(response.statusCode ?? 0);
    });
    sending.once('error', () => resolve(0));
    const hangUp = (): void => void sending.destroy(new Error('hung up'));
    sending.write(part, () => {
      void until().catch(reject).finally(hangUp);
    });
  });
}

export function cut(bytes: Buffer, chunkSize: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / chunkSize) }, (_, index) =>
    bytes.subarray(index * chunkSize, (index + 1) * chunkSize),
  );
}

export function bytesOf(test: request.Test): request.Test {
  return test.buffer(true).parse((response, done) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () => done(null, Buffer.concat(chunks)));
    response.on('error', (error) => done(error, null));
    response.on('aborted', () => done(new Error('aborted'), null));
  });
}
