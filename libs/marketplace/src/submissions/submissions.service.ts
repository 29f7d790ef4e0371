import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { newId, Problem, type FieldError, type Principal } from '@adiuva/kernel';
import { Database, isDuplicate, isRefusal, type StoredBlob, type Tx } from '@adiuva/platform';
import { Developers } from '../payments/developers.service';
import { asError, hasErrors, type Finding } from '../plugins/finding';
import { checkManifest, type Manifest } from '../plugins/manifest';
import { MarketplaceConfig } from '../marketplace.config';
import { checkPrice } from '../plugins/name-rules';
import { PluginNameCheck } from './plugin-name-check.service';
import { Packages } from '../packages/packages.service';
import { columnValues } from '../plugins/plugin-columns';
import { isNewest } from '../plugins/versions';

/** A manifest as it was sent, and the package that is already stored. */
export interface Submission {
  readonly manifest: string;
  readonly package: StoredBlob;
  /** The SHA-256 of the package according to the author. */
  readonly checksum?: string;
}

export interface Submitted {
  readonly pluginId: string;
  readonly version: string;
}

interface Checked {
  readonly manifest: Manifest;
  readonly findings: readonly Finding[];
}

/** Submissions of authors. A refused one leaves nothing behind. */
@Injectable()
export class Submissions {
  constructor(
    private readonly database: Database,
    private readonly packages: Packages,
    private readonly developers: Developers,
    private readonly pluginNameCheck: PluginNameCheck,
    private readonly config: MarketplaceConfig,
  ) {}

  /** Most bytes of a package. */
  get maxBytes(): number {
    return this.config.PLUGIN_MAX_BYTES;
  }

  /** Streams a package into the store, where it waits for its submission. @throws `payload_too_large`, `unavailable` */
  keep(bytes: Readable, signal?: AbortSignal): Promise<StoredBlob> {
    return this.packages.keep(bytes, signal);
  }

  /** Deletes a package that has no submission. */
  forget(stored: StoredBlob): Promise<void> {
    return this.packages.discard(stored.key);
  }

  /** A new plugin. @throws `validation_failed` with the findings, `checksum_mismatch`, `conflict` */
  async submit(author: Principal, submission: Submission): Promise<Submitted> {
    const { manifest, findings } = await this.orDrop(submission, always, () => this.check(author, submission));
    return this.store(submission, async (tx) => {
      const developerId = await this.admit(tx, author, submission.package.size);
      const pluginId = newId();
      await tx.query(
        `INSERT INTO plugins (id, developer_id, state, name, skeleton, author, description, category, permissions, price_cents)
         VALUES ($1, $2, 'unpublished', $3, $4, $5, $6, $7, $8, $9)`,
        [pluginId, developerId, ...columnValues(manifest)],
      );
      return this.insertVersion(tx, pluginId, manifest, findings, submission.package);
    });
  }

  /** A further version of the author's own plugin. @throws as `submit`, and `not_found`, `conflict` when the version is not the greatest */
  async submitVersion(author: Principal, pluginId: string, submission: Submission): Promise<Submitted> {
    const { manifest, findings } = await this.orDrop(submission, always, async () => {
      await this.assertOwn(author, pluginId);
      return this.check(author, submission);
    });
    return this.store(submission, async (tx) => {
      await this.admit(tx, author, submission.package.size);
      await tx.query('SELECT 1 FROM plugins WHERE id = $1 FOR UPDATE', [pluginId]);
      const taken = await tx.query<{ version: string }[]>(
        `SELECT version FROM plugin_versions WHERE plugin_id = $1 AND state <> 'rejected'`,
        [pluginId],
      );
      const versions = taken.map(({ version }) => version);
      if (!isNewest(manifest.version, versions)) {
        throw new Problem('conflict', {
          detail: 'The version must be greater than every one that was submitted before',
        });
      }
      return this.insertVersion(tx, pluginId, manifest, findings, submission.package);
    });
  }

  /** Where it is not known whether a version names the package (the connection was lost during the commit) it stays, and the sweep decides. */
  private store(submission: Submission, work: (tx: Tx) => Promise<Submitted>): Promise<Submitted> {
    return this.orDrop(submission, isRefusal, () => this.database.transaction(work));
  }

  /** Deletes the package after a failure of which `isUnused` says that no version can name it. */
  private async orDrop<T>(
    submission: Submission,
    isUnused: (failure: unknown) => boolean,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await work();
    } catch (failure) {
      if (isUnused(failure)) await this.packages.discard(submission.package.key).catch(() => undefined);
      throw failure;
    }
  }

  private async check(author: Principal, submission: Submission): Promise<Checked> {
    const { key, size, sha256 } = submission.package;
    if (submission.checksum !== undefined && submission.checksum !== sha256) throw new Problem('checksum_mismatch');
    const { manifest, findings } = checkManifest(submission.manifest);
    if (manifest === null) throw refusal(findings.map((finding) => ({ ...asError(finding), field: finding.field })));
    const named = [
      ...(await this.pluginNameCheck.check(author.userId, manifest.name)),
      ...checkPrice(manifest.price_cents),
    ];
    const packed = await this.packages.inspect({ blobKey: key, sizeBytes: size, checksum: sha256 }, manifest);
    const errors = [
      ...errorsOf(named).map((finding) => ({ ...asError(finding), field: 'manifest.name' })),
      ...errorsOf(packed).map(asError),
    ];
    if (errors.length > 0) throw refusal(errors);
    return { manifest, findings: [...named, ...packed] };
  }

  private async assertOwn(author: Principal, pluginId: string): Promise<void> {
    const own = await this.database.query(
      'SELECT 1 FROM plugins p JOIN plugin_developers d ON d.id = p.developer_id WHERE p.id = $1 AND d.user_id = $2',
      [pluginId, author.userId],
    );
    if (own.length === 0) throw new Problem('not_found');
  }

  /** The row lock of `ensure` serialises one author's submissions, so that the limits hold. */
  private async admit(tx: Tx, author: Principal, bytes: number): Promise<string> {
    const { PLUGIN_PENDING_MAX: maxCount, PLUGIN_PENDING_MAX_BYTES: maxBytes } = this.config;
    const developerId = await this.developers.ensure(tx, author);
    const [row] = await tx.query<{ count: number; bytes: number }[]>(
      `SELECT count(*)::int AS count, coalesce(sum(v.size_bytes), 0)::float8 AS bytes
       FROM plugin_versions v JOIN plugins p ON p.id = v.plugin_id
       WHERE p.developer_id = $1 AND v.state IN ('pending_review', 'in_review')`,
      [developerId],
    );
    const pending = row ?? { count: 0, bytes: 0 };
    if (pending.count >= maxCount)
      throw new Problem('conflict', { detail: `At most ${maxCount} versions of one author wait for a review` });
    if (pending.bytes + bytes > maxBytes)
      throw new Problem('conflict', { detail: `At most ${maxBytes} bytes of one author wait for a review` });
    return developerId;
  }

  private async insertVersion(
    tx: Tx,
    pluginId: string,
    manifest: Manifest,
    findings: readonly Finding[],
    blob: StoredBlob,
  ): Promise<Submitted> {
    try {
      await tx.query(
        `INSERT INTO plugin_versions (id, plugin_id, version, manifest, blob_key, checksum, size_bytes, state, findings)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending_review', $8)`,
        [
          newId(),
          pluginId,
          manifest.version,
          JSON.stringify(manifest),
          blob.key,
          blob.sha256,
          blob.size,
          JSON.stringify(findings),
        ],
      );
    } catch (failure) {
      throw isDuplicate(failure, 'plugin_versions_number') ? new Problem('conflict') : failure;
    }
    return { pluginId, version: manifest.version };
  }
}

const always = (): boolean => true;

function errorsOf(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter((finding) => hasErrors([finding]));
}

function refusal(errors: readonly FieldError[]): Problem {
  return new Problem('validation_failed', { detail: 'The package check refuses this submission', errors });
}
