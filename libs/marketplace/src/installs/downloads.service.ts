import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Clock, Problem } from '@adiuva/kernel';
import { ServerConfig } from '@adiuva/config';
import { Database, ServerKeys } from '@adiuva/platform';
import { readToken, issueToken } from './download-token';
import { DOWNLOAD_SECONDS } from '../marketplace.config';
import { Packages, type StoredPackage } from '../packages/packages.service';

/** A package to send. `signature` and `keyId` are null while a reviewer reads what is not approved. */
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

/** URLs that serve one package for five minutes without a session, while the version is served. */
@Injectable()
export class Downloads {
  constructor(
    private readonly database: Database,
    private readonly packages: Packages,
    private readonly keys: ServerKeys,
    private readonly server: ServerConfig,
    private readonly clock: Clock,
  ) {}

  /** `review` also opens what is not approved, and is only given to reviewers. */
  urlFor(versionId: string, userId: string, review = false): string {
    const expiresAt = Math.floor(this.clock.now().getTime() / 1_000) + DOWNLOAD_SECONDS;
    const token = issueToken({ versionId, userId, expiresAt, review }, (text) => this.keys.hmac('download', text));
    return `${this.server.publicUrl}/api/v1/plugin-packages/${token}`;
  }

  /** @throws `not_found` for a forged or expired token, and for a version that is not served any more */
  async find(token: string): Promise<PackageDownload> {
    const right = readToken(token, (text, mac) => this.keys.verifyHmac('download', text, mac), this.clock.now());
    if (!right) throw new Problem('not_found', { detail: 'This download URL has expired or is not valid' });
    const [row] = await this.database.query<PackageDownload>(PACKAGE, [right.versionId, right.review]);
    if (!row) throw new Problem('not_found');
    return row;
  }

  open(download: PackageDownload, signal?: AbortSignal): Promise<Readable> {
    return this.packages.open(download, signal);
  }
}
