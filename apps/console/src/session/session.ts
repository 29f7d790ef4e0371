import {
  IndexedDbTokenStore,
  MemoryTokenStore,
  type AdiuvaClient,
  type IndexedDbKeyStore,
  type SignedIn,
  type TokenStore,
  type UserProfileDto,
  type Vault,
} from '@adiuva/client';
import { clearToasts } from '../ui/toasts';

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
  | { readonly status: 'locked'; readonly profile: UserProfileDto; readonly password?: string | undefined }
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

interface Opened {
  readonly client: AdiuvaClient;
  readonly keys: IndexedDbKeyStore;
}

/** The one session of this tab: tokens and keys in IndexedDB, the client over them, and who is signed in. */
export class ConsoleSession {
  private state: SessionState = { status: 'loading' };
  private isKept = true;
  private reloads = 0;
  private readonly listeners = new Set<() => void>();

  private constructor(
    private readonly tokens: ChosenTokenStore,
    private readonly opened: Promise<Opened>,
  ) {
    // Its users get the failure.
    opened.catch(() => undefined);
  }

  /** Shows the sign-in before the client is loaded: a first visit then needs neither its code nor its time. */
  static async open(): Promise<ConsoleSession> {
    const kept = await IndexedDbTokenStore.open('adiuva-console-tokens');
    const isSignedIn = (await kept.load()) !== undefined;
    const tokens = new ChosenTokenStore(kept, isSignedIn);
    const session = new ConsoleSession(
      tokens,
      import('./open-client').then(({ openClient }) => openClient(tokens)),
    );
    if (isSignedIn) void session.resume();
    else session.change({ status: 'out' });
    return session;
  }

  async client(): Promise<AdiuvaClient> {
    return (await this.opened).client;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly current = (): SessionState => this.state;

  /** `work` signs in or up; tokens and keys stay in the browser where the user wants it. */
  async enter(isKept: boolean, work: (client: AdiuvaClient) => Promise<SignedIn>): Promise<void> {
    this.choose(isKept);
    await this.unlock(work);
  }

  /** A session without keys, as after a passkey: the recovery words open them. */
  async enterLocked(isKept: boolean, work: (client: AdiuvaClient) => Promise<void>): Promise<void> {
    this.choose(isKept);
    await work(await this.client());
    await this.resume();
  }

  /** The session has begun with a password that does not open the keys, as after a reset by mail. */
  async lock(password: string): Promise<void> {
    const { account } = await this.client();
    this.change({ status: 'locked', profile: await account.profile(), password });
  }

  /** `work` opens the keys of the session that there is. */
  async unlock(work: (client: AdiuvaClient) => Promise<SignedIn>): Promise<void> {
    const { client, keys } = await this.opened;
    const { profile, vault, recoveryWords } = await work(client);
    if (this.isKept) await keys.saveVault(vault);
    this.change({ status: 'in', client, keys, profile, vault, recoveryWords });
  }

  async reload(): Promise<void> {
    if (this.state.status !== 'in') return;
    const asked = (this.reloads += 1);
    const profile = await this.state.client.account.profile();
    const { state } = this;
    // The user may have signed out meanwhile, and a later answer may be there.
    if (state.status === 'in' && state.profile.id === profile.id && asked === this.reloads)
      this.change({ ...state, profile });
  }

  wordsAreKept(): void {
    if (this.state.status === 'in') this.change({ ...this.state, recoveryWords: undefined });
  }

  async leave(): Promise<void> {
    const { client, keys } = await this.opened;
    client.close();
    await keys.clear();
    await client.account.signOut().catch(() => undefined);
    this.change({ status: 'out' });
  }

  private choose(isKept: boolean): void {
    this.isKept = isKept;
    this.tokens.choose(isKept);
  }

  private async resume(): Promise<void> {
    try {
      const { client, keys } = await this.opened;
      const profile = await client.account.profile();
      const vault = await keys.vault().catch(() => undefined);
      if (vault?.userId !== profile.id) return this.change({ status: 'locked', profile });
      this.change({ status: 'in', client, keys, profile, vault });
    } catch {
      // The session has ended, or there is no server: the sign-in page says which.
      this.change({ status: 'out' });
    }
  }

  private change(state: SessionState): void {
    // Also what a request of the session before has shown after its end.
    if (state.status === 'in' ? this.state.status !== 'in' : this.state.status === 'in') clearToasts();
    this.state = state;
    this.listeners.forEach((listener) => listener());
  }
}
