import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import * as oidc from 'openid-client';
import { Agent, request } from 'undici';
import { ServerConfig } from '@adiuva/config';
import { Problem } from '@adiuva/kernel';
import { hasPrivateAddress, Log, publicConnector } from '@adiuva/platform';
import { SsoConfig } from './sso.config';

/** How we are registered at an OpenID provider. */
export interface ProviderSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What binds a response to the request that we sent. */
export interface AuthorizationChecks {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

export interface Person {
  readonly subject: string;
  readonly email: string | undefined;
  /** False where the provider says that the address is not verified. */
  readonly emailVerified: boolean;
  readonly name: string | undefined;
}

const CALLBACK_PATH = '/api/v1/auth/sso/callback';
const METADATA_TTL_MS = 5 * 60_000;
const MAX_PROVIDERS = 200;
const MAX_BODY = 128 * 1024;
const SCOPE = 'openid email profile';

/**
 * OpenID providers, by the code flow with PKCE, `state` and `nonce`. Their addresses are given by users: connections are made to public
 * addresses alone, redirects are not followed, bodies and times are bounded. Signatures of ID tokens are verified by the provider's keys.
 */
@Injectable()
export class OpenIdProviders implements OnModuleDestroy {
  /** Our redirect URI, the same for all providers. */
  readonly callbackUrl: string;
  private readonly agent: Agent;
  private readonly trusted: ReadonlySet<string>;
  private readonly metadata = new LRUCache<string, oidc.ServerMetadata>({ max: MAX_PROVIDERS, ttl: METADATA_TTL_MS });

  constructor(
    private readonly config: SsoConfig,
    private readonly log: Log,
    server: ServerConfig,
  ) {
    this.callbackUrl = new URL(CALLBACK_PATH, server.publicUrl).href;
    this.trusted = new Set(config.SSO_PRIVATE_HOSTS);
    this.agent = new Agent({ connect: publicConnector(config.SSO_TIMEOUT_MS, (host) => this.trusted.has(host)) });
  }

  async onModuleDestroy(): Promise<void> {
    await this.agent.destroy();
  }

  /** What is wrong with an issuer or an endpoint by its URL alone; undefined where it may be called. */
  urlError(text: string): string | undefined {
    const url = URL.parse(text);
    if (!url || url.username !== '' || url.password !== '' || url.hash !== '') return 'must be a URL';
    if (this.trusted.has(url.host)) return /^https?:$/.test(url.protocol) ? undefined : 'must be a URL';
    if (url.protocol !== 'https:') return 'must begin with https://';
    return hasPrivateAddress(url) ? 'must have a public address' : undefined;
  }

  /** @throws `upstream_failed` where the provider cannot be reached or its metadata are not valid */
  async authorizationUrl(settings: ProviderSettings, checks: AuthorizationChecks, email: string): Promise<URL> {
    const configuration = await this.configure(settings);
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: this.callbackUrl,
      scope: SCOPE,
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(checks.codeVerifier),
      code_challenge_method: 'S256',
      login_hint: email,
    });
    if (this.urlError(url.href) !== undefined) throw failed('the authorization endpoint is not a public https URL');
    return url;
  }

  /** Who has signed in. `query` is that of the URL that the browser was sent to. @throws `sso_failed`, `upstream_failed` */
  async person(settings: ProviderSettings, query: string, checks: AuthorizationChecks): Promise<Person> {
    const configuration = await this.configure(settings);
    const callback = new URL(this.callbackUrl);
    callback.search = query;
    try {
      const tokens = await oidc.authorizationCodeGrant(configuration, callback, {
        expectedState: checks.state,
        expectedNonce: checks.nonce,
        pkceCodeVerifier: checks.codeVerifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (!claims) throw failed('there is no ID token');
      const described =
        claims['email'] === undefined
          ? await oidc.fetchUserInfo(configuration, tokens.access_token, claims.sub)
          : claims;
      return personOf(claims.sub, described);
    } catch (error) {
      throw this.report(error);
    }
  }

  /** @throws `upstream_failed` */
  async configure({ issuer, clientId, clientSecret }: ProviderSettings): Promise<oidc.Configuration> {
    const metadata = this.metadata.get(issuer) ?? (await this.discover(issuer, clientId));
    const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const authentication = methods.includes('client_secret_basic') ? oidc.ClientSecretBasic : oidc.ClientSecretPost;
    const configuration = new oidc.Configuration(metadata, clientId, {}, authentication(clientSecret));
    configuration[oidc.customFetch] = this.fetch;
    configuration.timeout = this.config.SSO_TIMEOUT_MS / 1_000;
    oidc.enableNonRepudiationChecks(configuration);
    if (this.isTrusted(issuer)) oidc.allowInsecureRequests(configuration);
    return configuration;
  }

  private async discover(issuer: string, clientId: string): Promise<oidc.ServerMetadata> {
    try {
      const configuration = await oidc.discovery(new URL(issuer), clientId, undefined, oidc.None(), {
        [oidc.customFetch]: this.fetch,
        timeout: this.config.SSO_TIMEOUT_MS / 1_000,
        execute: this.isTrusted(issuer) ? [oidc.allowInsecureRequests] : [],
      });
      const metadata = configuration.serverMetadata();
      this.metadata.set(issuer, metadata);
      return metadata;
    } catch (error) {
      throw this.report(error, 'upstream_failed');
    }
  }

  private readonly fetch: oidc.CustomFetch = async (url, { body, headers, method, signal }) => {
    if (this.urlError(url) !== undefined) throw failed('an endpoint of the provider is not a public https URL');
    const response = await request(url, {
      dispatcher: this.agent,
      method: method === 'POST' ? 'POST' : 'GET',
      headers,
      body: body instanceof URLSearchParams ? body.toString() : null,
      signal: signal ?? null,
    });
    const type = [response.headers['content-type'] ?? ''].flat().join();
    const read = await boundedBody(response.body);
    return new Response(read.length > 0 ? read : null, {
      status: response.statusCode,
      headers: { 'content-type': type },
    });
  };

  private isTrusted(issuer: string): boolean {
    return this.trusted.has(new URL(issuer).host);
  }

  /** The words of the provider stay here. */
  private report(error: unknown, code: 'sso_failed' | 'upstream_failed' = codeOf(error)): Problem {
    const problem = error instanceof Problem ? error : new Problem(code, { cause: error });
    this.log.warn('sso_failed', { code: problem.code, error: problem.options.cause ?? problem });
    return problem;
  }
}

/** A response that is wrong is a failed sign-in; one that did not arrive, or says that the provider is in trouble, is an outage. */
function codeOf(error: unknown): 'sso_failed' | 'upstream_failed' {
  const isAnswer =
    (error instanceof oidc.ClientError && /^OAUTH_(?!TIMEOUT|ABORT)/.test(error.code ?? '')) ||
    error instanceof oidc.AuthorizationResponseError ||
    error instanceof oidc.ResponseBodyError;
  const status = error instanceof oidc.ResponseBodyError ? error.status : statusOf(error);
  return isAnswer && status < 500 ? 'sso_failed' : 'upstream_failed';
}

function statusOf(error: unknown): number {
  return error instanceof Error && error.cause instanceof Response ? error.cause.status : 0;
}

function failed(reason: string): Problem {
  return new Problem('sso_failed', { cause: new Error(reason) });
}

/** Some providers write booleans as text. A missing claim proves nothing: its user may be free to edit the address there. */
function isTrue(claim: unknown): boolean {
  return claim === true || claim === 'true';
}

function personOf(subject: string, claims: Readonly<Record<string, unknown>>): Person {
  const text = (name: string): string | undefined => {
    const value = claims[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return { subject, email: text('email'), emailVerified: isTrue(claims['email_verified']), name: text('name') };
}

async function boundedBody(body: AsyncIterable<Buffer>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_BODY) throw new Error('the response of the provider is too large');
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
