import { Settings, setting } from '@adiuva/config';

const MARKETPLACE = {
  PLUGIN_MAX_BYTES: setting.integer('Most bytes of a plugin package', 10 * 1024 * 1024, {
    min: 1_024,
    max: 50 * 1024 * 1024,
  }),
  PLUGIN_PENDING_MAX: setting.integer('Most versions of one author that wait for a review', 100, { min: 1 }),
  PLUGIN_PENDING_MAX_BYTES: setting.integer(
    "Most bytes of one author's packages that wait for a review",
    100 * 1024 * 1024,
    { min: 1_024 },
  ),
  PLUGIN_SIGNING_KEY: setting.optionalSecret(
    'PEM Ed25519 key that signs plugin packages; where not set, derived from MASTER_KEY',
  ),
  PLUGIN_SIGNING_KEY_PREVIOUS: setting.optionalSecret(
    'The PEM key before the last change: no longer signs, still published',
  ),
};

/** The plugin marketplace. */
export class MarketplaceConfig extends Settings('Marketplace', MARKETPLACE) {}

/** A download URL lives for five minutes. */
export const DOWNLOAD_SECONDS = 300;
