import type { PluginDetailsDto, PluginManifestDto, PluginPageDto } from './contract';
import type { Http } from './http';

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

  search(query: PluginQuery = {}): Promise<PluginPageDto> {
    return this.http.json('GET', '/plugins', { query: { ...query } });
  }

  get(id: string): Promise<PluginDetailsDto> {
    return this.http.json('GET', path(id));
  }

  /** A paid plugin is charged first: 402 `payment_required` with a `checkout_url` where no card is on file. */
  install(id: string, version?: string): Promise<{ readonly ok: true; readonly download_url: string }> {
    const body = { plugin_id: id, ...(version === undefined ? {} : { version }) };
    return this.http.json('POST', `${path(id)}/install`, { body, idempotencyKey: crypto.randomUUID() });
  }

  async uninstall(id: string): Promise<void> {
    await this.http.json('DELETE', `${path(id)}/install`);
  }

  /** `stars` is 1 to 5. */
  async rate(id: string, stars: number, text?: string): Promise<void> {
    await this.http.json('PUT', `${path(id)}/rating`, { body: { stars, ...(text === undefined ? {} : { text }) } });
  }

  /** A zip and its manifest; answered as pending until somebody has reviewed it. */
  publish(
    manifest: Omit<PluginManifestDto, 'id' | 'author'>,
    zip: Blob,
    pluginId?: string,
  ): Promise<{ plugin_id: string; version: string; status: string }> {
    const form = new FormData();
    form.set('manifest', JSON.stringify(manifest));
    form.set('package', zip, 'package.zip');
    return this.http.json('POST', pluginId === undefined ? '/plugins' : `${path(pluginId)}/versions`, { form });
  }

  mine(): Promise<unknown> {
    return this.http.json('GET', '/plugins/mine');
  }

  /** `period` is YYYY-MM. */
  earnings(period: string): Promise<unknown> {
    return this.http.json('GET', '/developer/earnings', { query: { period } });
  }

  onboarding(): Promise<unknown> {
    return this.http.json('POST', '/developer/onboarding');
  }
}

function path(id: string): string {
  return `/plugins/${encodeURIComponent(id)}`;
}
