import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock, invalidField } from '@adiuva/kernel';
import { ServerConfig } from '@adiuva/config';
import { Database, ServerKeys } from '@adiuva/platform';
import { SsoConfig } from './sso.config';
import { isAppRedirect } from './sso-domain';

const RequestShape = z.object({
  state: z.string(),
  nonce: z.string(),
  codeVerifier: z.string(),
  teamId: z.uuid(),
  /** Of the app. */
  redirectUri: z.string(),
  challenge: z.string(),
  appState: z.string().optional(),
  expiresAt: z.number(),
});

/** A sign-in that a browser has begun: what its response must match, and where the app waits. */
export type AuthorizationRequest = z.infer<typeof RequestShape>;

/** Sent to the browser. */
export interface RequestCookie {
  readonly name: string;
  readonly value: string;
  readonly maxAgeMs: number;
}

const REQUEST_TTL_MS = 10 * 60_000;
const COOKIE = 'adiuva_sso_';
/** The console is on our own origin, so that its address needs no setting. */
const CONSOLE_PATH = '/console/sso';

/**
 * A request is in a cookie of the browser that began it, sealed, so that an anonymous request stores nothing, and a response in another
 * browser has nothing that it belongs to (login CSRF). Its `state` is accepted once.
 */
@Injectable()
export class AuthorizationRequests {
  private readonly redirects: readonly string[];

  constructor(
    private readonly database: Database,
    private readonly keys: ServerKeys,
    private readonly clock: Clock,
    config: SsoConfig,
    server: ServerConfig,
  ) {
    this.redirects = [...config.SSO_APP_REDIRECTS, new URL(CONSOLE_PATH, server.publicUrl).href];
  }

  /** @throws `validation_failed` */
  assertRedirect(uri: string): void {
    if (isAppRedirect(uri, this.redirects)) return;
    const message =
      'must be http://127.0.0.1:PORT/…, http://[::1]:PORT/…, /console/sso of this server or a redirect URI of the app';
    throw invalidField('redirect_uri', message);
  }

  seal(request: Omit<AuthorizationRequest, 'expiresAt'>): RequestCookie {
    const expiresAt = this.clock.now().getTime() + REQUEST_TTL_MS;
    const plain = Buffer.from(JSON.stringify({ ...request, expiresAt }), 'utf8');
    return {
      name: nameOf(request.state),
      value: this.keys.seal('sso', plain, associated(request.state)).toString('base64url'),
      maxAgeMs: REQUEST_TTL_MS,
    };
  }

  /** The request of a `state`; undefined where the cookies of the browser have none, or it has expired. */
  open(state: string, cookies: ReadonlyMap<string, string>): AuthorizationRequest | undefined {
    const sealed = cookies.get(nameOf(state));
    if (sealed === undefined) return undefined;
    try {
      const plain = this.keys.open('sso', Buffer.from(sealed, 'base64url'), associated(state));
      const request = RequestShape.parse(JSON.parse(plain.toString('utf8')));
      return request.expiresAt > this.clock.now().getTime() ? request : undefined;
    } catch {
      return undefined;
    }
  }

  /** Whether the state is presented for the first time; of concurrent attempts one succeeds. */
  async spend({ state }: AuthorizationRequest): Promise<boolean> {
    const hash = createHash('sha256').update(state, 'utf8').digest();
    const rows = await this.database.query(
      `INSERT INTO spent_sso_states (hash, expires_at) VALUES ($1, now() + make_interval(secs => $2))
       ON CONFLICT (hash) DO NOTHING RETURNING hash`,
      [hash, (2 * REQUEST_TTL_MS) / 1_000],
    );
    return rows.length === 1;
  }
}

function nameOf(state: string): string {
  return `${COOKIE}${state.slice(0, 16)}`;
}

function associated(state: string): string {
  return `request|${state}`;
}
