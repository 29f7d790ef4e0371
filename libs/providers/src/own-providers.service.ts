import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { featuresOf, lowestTierWith, Problem, UNLIMITED, type Principal, type Tier } from '@adiuva/kernel';
import { Audit } from '@adiuva/audit';
import { lockLiveUser, UserEncryption } from '@adiuva/auth';
import { OWN_PROVIDER_NAMES, OwnModels, type OwnProvider } from '@adiuva/llm';
import { Database, PubSub, ReadThroughCache, returnedRows, type Tx } from '@adiuva/platform';
import { BaseUrls } from './base-urls.service';

/** Without the key, which is never shown. */
export interface ProviderView {
  readonly name: string;
  readonly baseUrl: string | null;
  readonly model: string | null;
  /** Whether the plan has fewer providers: it is kept, and not used. */
  readonly locked: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

interface ProviderRow {
  readonly name: string;
  readonly settings: Buffer;
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** Rows of former versions have null where nothing was given. */
const Given = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined);
const SettingsShape = z.object({ apiKey: z.string(), baseUrl: Given, model: Given });
/** Published when a user has set or deleted a provider. */
const OWN_PROVIDERS_CHANGED = 'own_providers.changed';
const CACHED_MS = 3_000;
const MAX_CACHED = 10_000;
const LIST =
  'SELECT name, settings, created_at, updated_at FROM own_providers WHERE user_id = $1 ORDER BY created_at, name';

/**
 * Keys of providers that users have brought, used for their chats and runs. With a smaller plan the first ones stay in use. The sealed rows are
 * cached for 3 s, and evicted on every node when one changes.
 */
@Injectable()
export class OwnProviders implements OnModuleInit {
  private readonly cache = new ReadThroughCache<readonly ProviderRow[]>({
    maxEntries: MAX_CACHED,
    ttlMs: CACHED_MS,
    read: (userId) => this.database.prepared<ProviderRow>(LIST, [userId]),
  });

  constructor(
    private readonly database: Database,
    private readonly encryption: UserEncryption,
    private readonly baseUrls: BaseUrls,
    private readonly models: OwnModels,
    private readonly audit: Audit,
    private readonly pubSub: PubSub,
  ) {}

  onModuleInit(): void {
    this.pubSub.subscribe(OWN_PROVIDERS_CHANGED, ({ user_id }) => this.cache.delete(String(user_id)));
    this.pubSub.onReconnect(() => this.cache.clear());
    this.models.useLookup((caller) => this.inUse(caller));
  }

  async list({ userId, tier }: Principal): Promise<readonly ProviderView[]> {
    const rows = await this.database.query<ProviderRow>(LIST, [userId]);
    return (await this.open(userId, rows)).map(({ row, provider }, index) => ({
      name: row.name,
      baseUrl: provider.baseUrl ?? null,
      model: provider.model ?? null,
      locked: isLocked(tier, index),
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    }));
  }

  /** @throws `not_found` for a name that is no provider, `validation_failed`, `upgrade_required` */
  async put(caller: Principal, provider: OwnProvider): Promise<ProviderView> {
    const { name, apiKey, baseUrl, model } = provider;
    if (!OWN_PROVIDER_NAMES.includes(name)) throw new Problem('not_found');
    if (baseUrl !== undefined) await this.baseUrls.check(baseUrl);
    const cipher = await this.encryption.open(caller.userId);
    const settings = cipher.seal(columnOf(name), JSON.stringify({ apiKey, baseUrl, model }));
    await this.database.transaction(async (tx) => {
      await lockLiveUser(tx, caller.userId, 'UPDATE');
      await assertIncluded(tx, caller, name);
      await tx.query(
        `INSERT INTO own_providers (user_id, name, settings) VALUES ($1, $2, $3)
         ON CONFLICT (user_id, name) DO UPDATE SET settings = excluded.settings, updated_at = clock_timestamp()`,
        [caller.userId, name, settings],
      );
      await this.audit.recordOwn(tx, caller.userId, 'provider.set', { provider: name });
      await this.changed(tx, caller.userId);
    });
    const view = (await this.list(caller)).find((listed) => listed.name === name);
    if (!view) throw new Problem('not_found');
    return view;
  }

  /** @throws `not_found` */
  async delete({ userId }: Principal, name: string): Promise<void> {
    if (!OWN_PROVIDER_NAMES.includes(name)) throw new Problem('not_found');
    await this.database.transaction(async (tx) => {
      const sql = 'DELETE FROM own_providers WHERE user_id = $1 AND name = $2 RETURNING name';
      if ((await returnedRows(tx, sql, [userId, name])).length === 0) throw new Problem('not_found');
      await this.audit.recordOwn(tx, userId, 'provider.deleted', { provider: name });
      await this.changed(tx, userId);
    });
  }

  private changed(tx: Tx, userId: string): Promise<void> {
    return this.pubSub.publishInTransaction(tx, OWN_PROVIDERS_CHANGED, { user_id: userId });
  }

  /** Those that the plan includes, the one that was set last first. */
  private async inUse({ userId, tier }: Principal): Promise<readonly OwnProvider[]> {
    const rows = await this.cache.get(userId);
    if (rows.length === 0) return [];
    const included = rows.filter((_, index) => !isLocked(tier, index));
    const opened = await this.open(userId, included);
    return opened
      .sort((one, other) => other.row.updated_at.getTime() - one.row.updated_at.getTime())
      .map(({ provider }) => provider);
  }

  private async open(userId: string, rows: readonly ProviderRow[]) {
    if (rows.length === 0) return [];
    const cipher = await this.encryption.open(userId);
    return rows.map((row) => {
      const settings = SettingsShape.parse(JSON.parse(cipher.open(columnOf(row.name), row.settings)));
      const provider: OwnProvider = { name: row.name, ...settings };
      return { row, provider };
    });
  }
}

/** Under the lock of the user, so that concurrent requests do not exceed the limit. */
async function assertIncluded(tx: Tx, { userId, tier }: Principal, name: string): Promise<void> {
  const rows = await tx.query<{ name: string }[]>('SELECT name FROM own_providers WHERE user_id = $1', [userId]);
  if (rows.some((row) => row.name === name) || !isLocked(tier, rows.length)) return;
  const wanted = rows.length + 1;
  throw new Problem('upgrade_required', {
    members: {
      required_tier: lowestTierWith(({ providers }) => providers === UNLIMITED || providers >= wanted),
    },
  });
}

/** Whether the plan has no place for the provider at `index` in the order of their creation. */
function isLocked(tier: Tier, index: number): boolean {
  const { providers } = featuresOf(tier);
  return providers !== UNLIMITED && index >= providers;
}

function columnOf(name: string): string {
  return `own_providers.settings|${name}`;
}
