import { Injectable } from '@nestjs/common';
import type { Page, PageRequest, Principal } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import type { ListedPlugin } from './catalogue.service';
import type { Finding } from '../plugins/finding';
import type { ListingState } from '../plugins/listing';
import { Ratings, type RatingComment } from './ratings.service';
import type { ReviewState } from '../plugins/review';
import { SealedTexts } from '../plugins/sealed-text.service';

export interface AuthorVersion {
  readonly version: string;
  readonly state: ReviewState;
  readonly findings: readonly Finding[];
  /** Why it was rejected, or another note of the reviewer. */
  readonly notes: string | null;
  readonly submittedAt: Date;
  readonly decidedAt: Date | null;
}

export interface AuthorPlugin extends Omit<ListedPlugin, 'version'> {
  /** The version that is served; null until one is approved. */
  readonly version: string | null;
  readonly state: ListingState;
  readonly installCount: number;
  readonly ratingAverage: number;
  readonly ratingCount: number;
  readonly ratings: readonly RatingComment[];
  readonly versions: readonly AuthorVersion[];
}

type PluginFields = Omit<AuthorPlugin, 'ratings' | 'versions'>;
type VersionFields = Omit<AuthorVersion, 'notes'> & {
  readonly id: string;
  readonly pluginId: string;
  readonly notes: Buffer | null;
};

const OWN = 'FROM plugins p JOIN plugin_developers d ON d.id = p.developer_id WHERE d.user_id = $1';

/** The author's side: own plugins, the state of each version, reviewers' notes and users' ratings. */
@Injectable()
export class AuthorPlugins {
  constructor(
    private readonly database: Database,
    private readonly ratings: Ratings,
    private readonly notes: SealedTexts,
  ) {}

  /** Newest first. */
  async list(author: Principal, { page, limit }: PageRequest): Promise<Page<AuthorPlugin>> {
    const plugins = await this.database.query<PluginFields>(
      `SELECT p.id, p.name, p.description, p.version, p.author, p.permissions, p.category, p.price_cents AS "priceCents", p.state,
         p.install_count AS "installCount", p.rating_average AS "ratingAverage", p.rating_count AS "ratingCount"
       ${OWN} ORDER BY p.id DESC LIMIT $2 OFFSET $3`,
      [author.userId, limit, (page - 1) * limit],
    );
    const [count] = await this.database.query<{ total: number }>(`SELECT count(*)::int AS total ${OWN}`, [
      author.userId,
    ]);
    const versions = await this.versionsOf(plugins.map((plugin) => plugin.id));
    const items: AuthorPlugin[] = [];
    for (const plugin of plugins) {
      const ratings = plugin.ratingCount > 0 ? await this.ratings.words(plugin.id) : [];
      items.push({ ...plugin, ratings, versions: versions.get(plugin.id) ?? [] });
    }
    return { items, total: count?.total ?? 0 };
  }

  private async versionsOf(pluginIds: readonly string[]): Promise<ReadonlyMap<string, readonly AuthorVersion[]>> {
    const rows = await this.database.query<VersionFields>(
      `SELECT id, plugin_id AS "pluginId", version, state, findings, notes, submitted_at AS "submittedAt", decided_at AS "decidedAt"
       FROM plugin_versions WHERE plugin_id = ANY ($1) ORDER BY submitted_at DESC, id DESC`,
      [pluginIds],
    );
    const versions = new Map<string, AuthorVersion[]>();
    for (const { id, pluginId, notes, ...fields } of rows) {
      const known = versions.get(pluginId) ?? [];
      versions.set(pluginId, [...known, { ...fields, notes: notes && this.notes.open(id, notes) }]);
    }
    return versions;
  }
}
