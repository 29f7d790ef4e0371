import { parentPort } from 'node:worker_threads';
import type { Finding } from '../plugins/finding';
import type { Manifest } from '../plugins/manifest';
import { inspectPackage } from './package-inspector.adapter';
import type { PackageLimits } from './package-limits';

/** What a thread is asked. */
export interface InspectionRequest {
  readonly bytes: Uint8Array;
  readonly manifest: Manifest;
  readonly limits: PackageLimits;
}

/** `ready` once the thread has loaded its code; `failed` where a package broke the inspection itself. */
export type InspectionReply = 'ready' | 'failed' | readonly Finding[];

function reply(message: InspectionReply): void {
  parentPort?.postMessage(message);
}

parentPort?.on('message', ({ bytes, manifest, limits }: InspectionRequest) => {
  const { buffer, byteOffset, byteLength } = bytes;
  inspectPackage(Buffer.from(buffer, byteOffset, byteLength), manifest, limits).then(reply, () => reply('failed'));
});
reply('ready');
