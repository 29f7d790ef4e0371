import { Settings, setting } from '@adiuva/config';

const BOT_CHECK = {
  TURNSTILE_ENABLED: setting.flag(
    'Whether registration, sign-in and forgotten passwords need a token of Turnstile',
    false,
  ),
  TURNSTILE_SITE_KEY: setting.optionalText(
    'Public key of the Turnstile widget, which the web console shows; without it the console has no sign-up under TURNSTILE_ENABLED',
  ),
  TURNSTILE_SECRET_KEY: setting.optionalSecret('Secret key of the Turnstile widget'),
  TURNSTILE_VERIFY_URL: setting.text(
    'Where tokens are verified',
    'https://challenges.cloudflare.com/turnstile/v0/siteverify',
  ),
};

export class BotCheckConfig extends Settings('Bot check', BOT_CHECK, (values) =>
  values.TURNSTILE_ENABLED && values.TURNSTILE_SECRET_KEY === undefined
    ? ['TURNSTILE_SECRET_KEY: is needed with TURNSTILE_ENABLED']
    : [],
) {}
