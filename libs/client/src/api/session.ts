import { ApiProblem } from './problem';
import type { TokenSource } from './http';

/** As the server gives them; `expires_at` is when the access token ends, in milliseconds. */
export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_at: number;
}

/** Where the app keeps its tokens between two starts; an operating system's keychain is the right place. */
export interface TokenStore {
  load(): Promise<Tokens | undefined>;
  /** `undefined` when the session has ended. */
  save(tokens: Tokens | undefined): Promise<void>;
}

export class MemoryTokenStore implements TokenStore {
  private tokens: Tokens | undefined;

  load(): Promise<Tokens | undefined> {
    return Promise.resolve(this.tokens);
  }

  save(tokens: Tokens | undefined): Promise<void> {
    this.tokens = tokens;
    return Promise.resolve();
  }
}

/** Renewed this long before it ends, so that no request meets an old token on its way. */
const AHEAD_MS = 30_000;

/**
 * One sign-in. Gives out access tokens and renews them silently; however many requests ask at once, one refresh is made, because a
 * refresh token may be spent only once.
 */
export class Session implements TokenSource {
  private tokens: Tokens | undefined;
  private loading: Promise<void> | undefined;
  private refreshing: Promise<string | undefined> | undefined;

  /** `refresh` asks the server; it throws `ApiProblem` 401 when the session has ended. */
  constructor(
    private readonly store: TokenStore,
    private readonly refresh: (refreshToken: string) => Promise<Tokens>,
    private readonly now: () => number = Date.now,
  ) {}

  /** The session's own tokens, for signing out; undefined when nobody is signed in. */
  async held(): Promise<Tokens | undefined> {
    this.loading ??= this.store.load().then((tokens) => void (this.tokens ??= tokens));
    await this.loading;
    return this.tokens;
  }

  async begin(tokens: Tokens): Promise<void> {
    await this.held();
    await this.keep(tokens);
  }

  async end(): Promise<void> {
    await this.held();
    await this.keep(undefined);
  }

  async current(): Promise<string | undefined> {
    const tokens = await this.held();
    if (!tokens || tokens.expires_at - this.now() > AHEAD_MS) return tokens?.access_token;
    return (await this.renew(tokens.access_token)) ?? tokens.access_token;
  }

  /** A token that is not `spent`; undefined when there is none to be had. */
  async renew(spent: string): Promise<string | undefined> {
    const tokens = await this.held();
    if (!tokens) return undefined;
    if (tokens.access_token !== spent) return tokens.access_token;
    this.refreshing ??= this.exchange(tokens).finally(() => (this.refreshing = undefined));
    return this.refreshing;
  }

  private async exchange(tokens: Tokens): Promise<string | undefined> {
    try {
      const fresh = await this.refresh(tokens.refresh_token);
      await this.keep(fresh);
      return fresh.access_token;
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
      await this.keep(undefined);
      return undefined;
    }
  }

  private async keep(tokens: Tokens | undefined): Promise<void> {
    this.tokens = tokens;
    await this.store.save(tokens);
  }
}
