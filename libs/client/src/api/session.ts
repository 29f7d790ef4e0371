import { ApiProblem } from './problem';
import type { TokenSource } from './http';

/** As the server gives them; `expires_at` is when the access token ends, in milliseconds. */
export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_at: number;
}

/** Where the app keeps its tokens between two starts; the operating system's keychain is the right place. */
export interface TokenStore {
  load(): Promise<Tokens | undefined>;
  /** `undefined` when the session has ended. */
  save(tokens: Tokens | undefined): Promise<void>;
  /**
   * Runs `work` while no other client of this store does, in other windows and processes, too. Without it `navigator.locks` is used
   * where there is one, else clients of the same object wait for each other.
   */
  lock?<T>(work: () => Promise<T>): Promise<T>;
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

/** Renewed this long before its end, or in the last quarter of its life, so that no request arrives with an ended token. */
const RENEW_AHEAD_MS = 30_000;
/** Where the clock of the device is wrong, so that a new token seems to have ended. */
const WRONG_CLOCK_MS = 60_000;
const LOCK_NAME = 'adiuva-client-session';

/**
 * One sign-in, possibly shared with other clients through its store. Gives out access tokens and renews them silently; a refresh token
 * can be spent once, so one client refreshes while the others wait, and then take its tokens from the store.
 */
export class Session implements TokenSource {
  private tokens: Tokens | undefined;
  private renewAt = 0;
  private loading: Promise<void> | undefined;
  private refreshing: Promise<string | undefined> | undefined;
  private readonly listeners = new Set<(token: string | undefined) => void>();

  /** `refresh` asks the server; it throws `ApiProblem` 401 when the session has ended. */
  constructor(
    private readonly store: TokenStore,
    private readonly refresh: (refreshToken: string) => Promise<Tokens>,
    private readonly now: () => number = Date.now,
  ) {}

  /** The tokens of the session, for signing out; undefined when no user is signed in. */
  async held(): Promise<Tokens | undefined> {
    this.loading ??= this.load();
    await this.loading;
    return this.tokens;
  }

  private async load(): Promise<void> {
    try {
      const tokens = await this.store.load();
      if (tokens) this.adopt(tokens, tokens.expires_at - RENEW_AHEAD_MS);
    } catch (error) {
      // A keychain may be locked; the next request asks again.
      this.loading = undefined;
      throw error;
    }
  }

  async begin(tokens: Tokens): Promise<void> {
    if (await this.held()) this.notify(undefined);
    this.take(tokens);
    // Another client may be refreshing the tokens of the user before, which it stores.
    await locked(this.store, () => this.store.save(tokens));
  }

  /** Another user, who has signed in with another client of the store, stays signed in. */
  async end(): Promise<void> {
    const tokens = await this.held();
    this.drop();
    const stored = tokens && (await this.store.load());
    if (tokens && !(stored && isOfOtherUser(stored, tokens))) await this.store.save(undefined);
  }

  /** Undefined when no user is signed in. */
  async userId(): Promise<string | undefined> {
    const tokens = await this.held();
    return tokens && userOf(tokens);
  }

  /** Calls `listener` with each new access token, and with none when the session ends. Gives the function that ends it. */
  onToken(listener: (token: string | undefined) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Milliseconds until the access token should be renewed; undefined when no user is signed in. */
  get renewInMs(): number | undefined {
    return this.tokens && Math.max(0, this.renewAt - this.now());
  }

  async current(): Promise<string | undefined> {
    const tokens = await this.held();
    if (!tokens || this.now() < this.renewAt) return tokens?.access_token;
    return (await this.renew(tokens.access_token)) ?? tokens.access_token;
  }

  /** A token that is not `spent`; undefined when there is none to be had. */
  async renew(spent: string): Promise<string | undefined> {
    const tokens = await this.held();
    if (!tokens) return undefined;
    if (tokens.access_token !== spent) return tokens.access_token;
    this.refreshing ??= locked(this.store, () => this.exchange(tokens)).finally(() => (this.refreshing = undefined));
    return this.refreshing;
  }

  private async exchange(tokens: Tokens): Promise<string | undefined> {
    const stored = await this.store.load();
    if (this.tokens !== tokens) return this.tokens?.access_token;
    if (stored && stored.access_token !== tokens.access_token) {
      // Another client has signed in another user, whose tokens are not for the keys and records here, or has refreshed.
      if (isOfOtherUser(stored, tokens)) return this.drop();
      this.adopt(stored, stored.expires_at - RENEW_AHEAD_MS);
      return stored.access_token;
    }
    const fresh = await this.refreshed(tokens);
    // The user has signed out meanwhile, or signed in again.
    if (this.tokens !== tokens) return this.tokens?.access_token;
    await this.keep(fresh);
    return fresh?.access_token;
  }

  /** Undefined where the session has ended. */
  private async refreshed({ refresh_token }: Tokens): Promise<Tokens | undefined> {
    try {
      return await this.refresh(refresh_token);
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) return undefined;
      throw error;
    }
  }

  private async keep(tokens: Tokens | undefined): Promise<void> {
    if (tokens) this.take(tokens);
    else this.drop();
    await this.store.save(tokens);
  }

  private drop(): undefined {
    const isSignedIn = this.tokens !== undefined;
    this.tokens = undefined;
    if (isSignedIn) this.notify(undefined);
  }

  /** From the server, just now. */
  private take(tokens: Tokens): void {
    const leftMs = tokens.expires_at - this.now();
    const renewInMs = leftMs > 0 ? leftMs - Math.min(RENEW_AHEAD_MS, leftMs / 4) : WRONG_CLOCK_MS;
    this.adopt(tokens, this.now() + renewInMs);
  }

  private adopt(tokens: Tokens, renewAt: number): void {
    this.tokens = tokens;
    this.renewAt = renewAt;
    this.notify(tokens.access_token);
  }

  private notify(token: string | undefined): void {
    this.listeners.forEach((listener) => listener(token));
  }
}

function isOfOtherUser(tokens: Tokens, own: Tokens): boolean {
  const [user, ownUser] = [userOf(tokens), userOf(own)];
  return user !== undefined && ownUser !== undefined && user !== ownUser;
}

/** The subject of an access token (RFC 9068); undefined where it is none of the server. */
function userOf({ access_token: token }: Tokens): string | undefined {
  try {
    const [, payload = ''] = token.split('.');
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    if (typeof claims !== 'object' || claims === null || !('sub' in claims)) return undefined;
    return typeof claims.sub === 'string' ? claims.sub : undefined;
  } catch {
    return undefined;
  }
}

const queues = new WeakMap<TokenStore, Promise<unknown>>();

function locked<T>(store: TokenStore, work: () => Promise<T>): Promise<T> {
  if (store.lock) return store.lock(work);
  const inTurn = (): Promise<T> => {
    const done = (queues.get(store) ?? Promise.resolve()).then(work, work);
    queues.set(store, done);
    return done;
  };
  const { navigator } = globalThis as { readonly navigator?: { readonly locks?: Locks } };
  return navigator?.locks ? navigator.locks.request(LOCK_NAME, inTurn) : inTurn();
}

/** Web Locks; older browsers and Node have none. */
interface Locks {
  request<T>(name: string, work: () => Promise<T>): Promise<T>;
}
