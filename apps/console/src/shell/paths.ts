/** Addresses inside of the shell, in the order in which they are tried. Links lead to all of them but the last. */
export const SCREEN_PATHS = [
  '/',
  '/notes/:id?',
  '/goals',
  '/goals/:id',
  '/runs',
  '/runs/:id',
  '/agents/:part?',
  '/workflows',
  '/workflows/:id',
  '/projects',
  '/projects/:id',
  '/notifications',
  '/account/:part?',
  '/plugins/mine',
  '/plugins/earnings',
  '/plugins',
  '/plugins/:id',
  '/plan/:part?',
  '/admin/:part?/:id?',
  '/accept-invite',
] as const;
export type ScreenPath = (typeof SCREEN_PATHS)[number];

/** Addresses of a user who is not signed in, beside the sign-in itself. */
export const SIGNED_OUT_PATHS = ['/sign-up', '/recover'] as const;

/** Where mails and providers of single sign-on lead, signed in or not. */
export const LANDING_PATHS = ['/verify-email', '/reset-password', '/sso'] as const;
