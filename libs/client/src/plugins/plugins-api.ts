import type {
  CatalogueDto,
  EarningsDto,
  OnboardingDto,
  OwnPluginsDto,
  PluginDetailsDto,
  PluginManifestDto,
  SubmittedDto,
} from '../generated/types.gen';
import type { Bytes } from '../crypto/bytes';
import { installPlugin, storeKeys, type StoreKey } from './verified-package';
import type { Http } from '../api/http';

export interface PluginQuery {
  readonly category?: string;
  readonly q?: string;
  readonly page?: number;
  readonly limit?: number;
  readonly sort?: 'rating' | 'installs' | 'newest';
}

/** The plugin marketplace, for those who use it and those who publish in it. */
export class PluginsApi {
  constructor(private readonly http: Http) {}

  search(query: PluginQuery = {}): Promise<CatalogueDto> {
    return this.http.json('GET', '/plugins', { query: { ...query } });
  }

  get(id: string): Promise<PluginDetailsDto> {
    return this.http.json('GET', path(id));
  }

  /** The keys that vouch for packages. Pin them in the app where you can, and give them to `install`. */
  storeKeys(signal?: AbortSignal): Promise<readonly StoreKey[]> {
    return storeKeys(this.http, signal);
  }

  /**
   * Installs a plugin and returns its package, which is what the store has approved. A paid plugin is charged first. Throws
   * `PackageRefused`, and `ApiProblem` `payment_required` with a `checkout_url` where no card is on file.
   */
  async install(
    id: string,
    options: { readonly version?: string; readonly keys?: readonly StoreKey[]; readonly signal?: AbortSignal } = {},
  ): Promise<{ readonly version: string; readonly bytes: Bytes }> {
    const keys = options.keys ?? (await this.storeKeys(options.signal));
    return installPlugin(this.http, id, keys, options.version, options.signal);
  }

  async uninstall(id: string): Promise<void> {
    await this.http.json('DELETE', `${path(id)}/install`);
  }

  /** `stars` is 1 to 5. */
  async rate(id: string, stars: number, text?: string): Promise<void> {
    await this.http.json('PUT', `${path(id)}/rating`, { body: { stars, ...(text === undefined ? {} : { text }) } });
  }

  /** A zip and its manifest, as a new plugin or as a version of one; pending until it is reviewed. */
  publish(manifest: Omit<PluginManifestDto, 'id'>, zip: Blob, pluginId?: string): Promise<SubmittedDto> {
    const form = new FormData();
    form.set('manifest', JSON.stringify(manifest));
    form.set('package', zip, 'package.zip');
    return this.http.json('POST', pluginId === undefined ? '/plugins' : `${path(pluginId)}/versions`, {
      form,
      idempotencyKey: crypto.randomUUID(),
    });
  }

  mine(): Promise<OwnPluginsDto> {
    return this.http.json('GET', '/plugins/mine');
  }

  /** `period` is YYYY-MM. */
  earnings(period: string): Promise<EarningsDto> {
    return this.http.json('GET', '/developer/earnings', { query: { period } });
  }

  onboarding(): Promise<OnboardingDto> {
    return this.http.json('POST', '/developer/onboarding');
  }
}

function path(id: string): string {
  return `/plugins/${encodeURIComponent(id)}`;
}
