import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { SignInLimits, type Origin } from '@adiuva/auth';
import { AuthorizationRequests, type AuthorizationRequest, type RequestCookie } from './authorization-requests.service';
import { OpenIdProviders } from './openid-provider.adapter';
import { SsoAccounts } from './sso-accounts.service';
import { SsoCodes } from './sso-codes.store';
import { SsoConnections } from './sso-connections.store';
import { domainOf } from './sso-domain';

/** What the app asks for (RFC 8252 with RFC 7636). */
export interface SsoStart {
  readonly email: string;
  readonly redirectUri: string;
  /** SHA-256 of the app's code verifier, base64url. */
  readonly challenge: string;
  /** Returned to the app unchanged. */
  readonly state: string | undefined;
}

const RANDOM_BYTES = 32;

/** Sign-in at the provider of a team, in a browser. The app gets a code at its redirect URI, or the `error` that a `Problem` has as its code. */
@Injectable()
export class SsoSignIn {
  constructor(
    private readonly requests: AuthorizationRequests,
    private readonly connections: SsoConnections,
    private readonly providers: OpenIdProviders,
    private readonly accounts: SsoAccounts,
    private readonly codes: SsoCodes,
    private readonly limits: SignInLimits,
  ) {}

  /** Where responses of providers arrive, and the cookie is sent. */
  get callbackUrl(): URL {
    return new URL(this.providers.callbackUrl);
  }

  /**
   * Where the browser goes, and the cookie that binds the response to it. Looks at the domain of the address alone, so nothing depends on
   * whether it has an account. @throws `not_found` for a domain without single sign-on, `validation_failed`, `upstream_failed`, `rate_limited`
   */
  async start(
    wanted: SsoStart,
    origin: Origin,
  ): Promise<{ readonly location: string; readonly cookie: RequestCookie }> {
    await this.limits.checkLookup(origin.address);
    this.requests.assertRedirect(wanted.redirectUri);
    const domain = domainOf(wanted.email);
    const connection = domain === undefined ? undefined : await this.connections.ofDomain(domain);
    if (!connection) throw new Problem('not_found', { detail: 'There is no single sign-on for this address' });
    const checks = { state: random(), nonce: random(), codeVerifier: random() };
    const location = await this.providers.authorizationUrl(connection.provider, checks, wanted.email);
    const { redirectUri, challenge, state: appState } = wanted;
    const request = { ...checks, teamId: connection.teamId, redirectUri, challenge, ...(appState ? { appState } : {}) };
    return { location: location.href, cookie: this.requests.seal(request) };
  }

  /**
   * Where the browser goes with the response of the provider: always to the redirect URI of the request that the response belongs to.
   * @throws `sso_failed` for a response that belongs to no request of this browser, or to an expired one
   */
  async complete(query: string, cookies: ReadonlyMap<string, string>): Promise<string> {
    const state = new URLSearchParams(query).get('state') ?? '';
    const request = this.requests.open(state, cookies);
    if (!request) throw new Problem('sso_failed');
    const location = new URL(request.redirectUri);
    if (request.appState !== undefined) location.searchParams.set('state', request.appState);
    try {
      location.searchParams.set('code', await this.codeFor(request, query));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      location.searchParams.set('error', error.code);
      location.searchParams.set('error_description', error.message);
    }
    return location.href;
  }

  private async codeFor(request: AuthorizationRequest, query: string): Promise<string> {
    const connection = await this.connections.ofTeam(request.teamId);
    if (!connection || !(await this.connections.isIncluded(connection.ownerId))) throw new Problem('sso_failed');
    if (!(await this.requests.spend(request))) throw new Problem('sso_failed');
    const person = await this.providers.person(connection.provider, query, request);
    const userId = await this.accounts.resolve(connection, person);
    return this.codes.issue({ teamId: request.teamId, userId }, request.challenge);
  }
}

function random(): string {
  return randomBytes(RANDOM_BYTES).toString('base64url');
}
