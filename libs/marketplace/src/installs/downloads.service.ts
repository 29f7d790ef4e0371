import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Clock, Problem } from '@adiuva/kernel';
import { ServerConfig } from '@adiuva/config';
import { Database, ServerKeys } from '@adiuva/platform';
import { readToken, issueToken } from './download-token';
import { DOWNLOAD_SECONDS } from '../marketplace.config';
import { Packages, type StoredPackage } from '../packages/packages.service';

/** A package on its way to a client. `signature` and `keyId` are null while a reviewer reads what is not approved. */
export interface PackageDownload extends StoredPackage {
  readonly pluginId: string;
  readonly version: string;
  readonly signature: Buffer | null;
  readonly keyId: string | null;
}

const PACKAGE = `
  SELECT v.plugin_id AS "pluginId", v.version, v.blob_key AS "blobKey", v.checksum, v.size_bytes AS "sizeBytes", v.signature,
    v.key_id AS "keyId"
  FROM plugin_versions v JOIN plugins p ON p.id = v.plugin_id
  WHERE v.id = $1 AND ($2 OR (v.state = 'approved' AND p.state = 'listed'))`;

/** Addresses that hand out one package for five minutes without a session, and die with what they point at. */
@Injectable()
export class Downloads {
  constructor(
    private readonly database: Database,
    private readonly packages: Packages,
    private readonly ring: ServerKeys,
    private readonly server: ServerConfig,
    private readonly clock: Clock,
  ) {}

  /** `review` also opens what is not approved, and is only given to reviewers. */
  urlFor(versionId: string, userId: string, review = false): string {
    const expiresAt = Math.floor(this.clock.now().getTime() / 1_000) + DOWNLOAD_SECONDS;
    const ticket = issueToken({ versionId, userId, expiresAt, review }, (text) => this.ring.hmac('download', text));
    return `${this.server.publicUrl}/api/v1/plugin-packages/${ticket}`;
  }

  /** @throws `not_found` for a forged or old ticket, and for what is not handed out any more */
  async find(ticket: string): Promise<PackageDownload> {
    const right = readToken(ticket, (text, mac) => this.ring.verifyHmac('download', text, mac), this.clock.now());
    if (!right) throw new Problem('not_found', { detail: 'This download address is over or was never given' });
    const [row] = await this.database.query<PackageDownload>(PACKAGE, [right.versionId, right.review]);
    if (!row) throw new Problem('not_found');
    return row;
  }

  open(download: PackageDownload, signal?: AbortSignal): Promise<Readable> {
    return this.packages.open(download, signal);
  }
}
