import { Injectable } from '@nestjs/common';
import { Installation } from '@adiuva/auth';
import { Database, OrphanSweep, tryKey, type BlobKey, type OrphanRule, type SweepReport } from '@adiuva/platform';
import { PACKAGE_PREFIX } from './packages.service';

/** Deletes packages that no version names, such as those of a killed server. */
@Injectable()
export class PackageOrphans implements OrphanRule {
  readonly kind = 'packages';
  readonly prefix = PACKAGE_PREFIX;

  constructor(
    private readonly database: Database,
    private readonly orphans: OrphanSweep,
    private readonly installation: Installation,
  ) {}

  sweep(signal?: AbortSignal): Promise<SweepReport> {
    return this.orphans.run(this, { dryRun: false }, signal);
  }

  verify(): Promise<Date | null> {
    return this.installation.assertMatching();
  }

  parse(key: string): BlobKey | null {
    return key.startsWith(PACKAGE_PREFIX) ? tryKey(key) : null;
  }

  async named(keys: readonly BlobKey[]): Promise<ReadonlySet<string>> {
    const rows = await this.database.query<{ blob_key: string }>(
      'SELECT blob_key FROM plugin_versions WHERE blob_key = ANY($1::text[])',
      [keys],
    );
    return new Set(rows.map(({ blob_key }) => blob_key));
  }
}
