import {
  AdiuvaClient,
  IndexedDbKeyStore,
  IndexedDbTokenStore,
  MemoryTokenStore,
  type SignedIn,
  type TokenStore,
  type UserProfileDto,
  type Vault,
} from '@adiuva/client';

/** The user, whose keys are unlocked in this browser. */
export interface Unlocked {
  readonly client: AdiuvaClient;
  readonly keys: IndexedDbKeyStore;
  readonly profile: UserProfileDto;
  readonly vault: Vault;
}

export type SessionState =
  | { readonly status: 'loading' }
  | { readonly status: 'out' }
  | { readonly status: 'locked'; readonly profile: UserProfileDto }
  | ({ readonly status: 'in'; readonly recoveryWords?: string | undefined } & Unlocked);

/** In memory until the sign-in that keeps it in the browser, so that an unticked box leaves nothing behind. */
class ChosenTokenStore implements TokenStore {
  private store: TokenStore;

  constructor(
    private readonly kept: TokenStore,
    isSignedIn: boolean,
  ) {
    this.store = isSignedIn ? kept : new MemoryTokenStore();
  }

  choose(isKept: boolean): void {
    this.store = isKept ? this.kept : new MemoryTokenStore();
  }

  load(): ReturnType<TokenStore['load']> {
    return this.store.load();
  }

  save(tokens: Parameters<TokenStore['save']>[0]): Promise<void> {
    return this.store.save(tokens);
  }
}

/** The one session of this tab: tokens and keys in IndexedDB, the client over them, and who is signed in. */
export class ConsoleSession {
  private state: SessionState = { status: 'loading' };
  private readonly listeners = new Set<() => void>();

  private constructor(
    readonly client: AdiuvaClient,
    private readonly tokens: ChosenTokenStore,
    private readonly keys: IndexedDbKeyStore,
  ) {}

  static async open(): Promise<ConsoleSession> {
    const kept = await IndexedDbTokenStore.open('adiuva-console-tokens');
    const isSignedIn = (await kept.load()) !== undefined;
    const tokens = new ChosenTokenStore(kept, isSignedIn);
    const client = new AdiuvaClient({ baseUrl: location.origin, tokens });
    const session = new ConsoleSession(client, tokens, await IndexedDbKeyStore.open('adiuva-console-keys'));
    if (isSignedIn) await session.resume();
    else session.change({ status: 'out' });
    return session;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly current = (): SessionState => this.state;

  /** `work` signs in or up; tokens and keys stay in the browser where the user wants it. */
  async enter(isKept: boolean, work: (client: AdiuvaClient) => Promise<SignedIn>): Promise<void> {
    this.tokens.choose(isKept);
    const { profile, vault, recoveryWords } = await work(this.client);
    if (isKept) await this.keys.saveVault(vault);
    this.change({ status: 'in', client: this.client, keys: this.keys, profile, vault, recoveryWords });
  }

  /** A session without keys, as after a passkey: the recovery words open them. */
  async enterLocked(isKept: boolean, work: (client: AdiuvaClient) => Promise<void>): Promise<void> {
    this.tokens.choose(isKept);
    await work(this.client);
    await this.resume();
  }

  async reload(): Promise<void> {
    if (this.state.status === 'in') this.change({ ...this.state, profile: await this.client.account.profile() });
  }

  wordsAreKept(): void {
    if (this.state.status === 'in') this.change({ ...this.state, recoveryWords: undefined });
  }

  async leave(): Promise<void> {
    this.client.close();
    await this.keys.clear();
    await this.client.account.signOut().catch(() => undefined);
    this.change({ status: 'out' });
  }

  private async resume(): Promise<void> {
    try {
      const profile = await this.client.account.profile();
      const vault = await this.keys.vault().catch(() => undefined);
      if (vault?.userId !== profile.id) return this.change({ status: 'locked', profile });
      this.change({ status: 'in', client: this.client, keys: this.keys, profile, vault });
    } catch {
      // The session has ended, or there is no server: the sign-in page says which.
      this.change({ status: 'out' });
    }
  }

  private change(state: SessionState): void {
    this.state = state;
    this.listeners.forEach((listener) => listener());
  }
}
