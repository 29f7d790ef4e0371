import { Injectable } from '@nestjs/common';
import { Problem, type Page, type PageRequest, type Principal } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import { catalogueQuery, type CatalogueFilter } from './catalogue-query';
import type { Permission } from '../plugins/manifest';
import { newestFirst } from '../plugins/versions';

/** A plugin as every user sees it. */
export interface ListedPlugin {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly author: string;
  readonly permissions: readonly Permission[];
  readonly category: string;
  readonly priceCents: number;
}

export interface PublishedVersion {
  readonly version: string;
  readonly permissions: readonly Permission[];
  readonly checksum: string;
  readonly sizeBytes: number;
  readonly signature: Buffer;
  readonly keyId: string;
  readonly publishedAt: Date;
}

export interface PluginDetails extends ListedPlugin {
  readonly versions: readonly PublishedVersion[];
  readonly ratingAverage: number;
  readonly ratingCount: number;
  readonly installCount: number;
  readonly installed: boolean;
}

type DetailsRow = Omit<PluginDetails, 'versions'>;

const DETAILS = `
  SELECT p.id, p.name, p.description, p.version, p.author, p.permissions, p.category, p.price_cents AS "priceCents",
    p.rating_average AS "ratingAverage", p.rating_count AS "ratingCount", p.install_count AS "installCount",
    EXISTS (SELECT 1 FROM plugin_installs i WHERE i.plugin_id = p.id AND i.user_id = $2) AS installed
  FROM plugins p WHERE p.id = $1 AND p.state = 'listed'`;

const VERSIONS = `
  SELECT version, manifest -> 'permissions' AS permissions, checksum, size_bytes AS "sizeBytes", signature, key_id AS "keyId",
    decided_at AS "publishedAt"
  FROM plugin_versions WHERE plugin_id = $1 AND state = 'approved'`;

/** The plugins that can be found and installed. */
@Injectable()
export class Catalogue {
  constructor(private readonly database: Database) {}

  async list(filter: CatalogueFilter, page: PageRequest): Promise<Page<ListedPlugin>> {
    const query = catalogueQuery(filter, page);
    if (query === null) return { items: [], total: 0 };
    const [items, [count]] = await Promise.all([
      this.database.query<ListedPlugin>(query.items, query.itemValues),
      this.database.query<{ total: number }>(query.count, query.countValues),
    ]);
    return { items, total: count?.total ?? 0 };
  }

  /** @throws `not_found` for what is not listed, for every caller */
  async get(user: Principal, pluginId: string): Promise<PluginDetails> {
    const [[row], versions] = await Promise.all([
      this.database.query<DetailsRow>(DETAILS, [pluginId, user.userId]),
      this.database.query<PublishedVersion>(VERSIONS, [pluginId]),
    ]);
    if (!row) throw new Problem('not_found');
    return { ...row, versions: versions.sort((a, b) => newestFirst(a.version, b.version)) };
  }
}
