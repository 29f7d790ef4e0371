import { Account } from './api/account';
import { AdminApi } from './api/admin-api';
import { AiApi } from './api/ai-api';
import { BillingApi } from './api/billing-api';
import { ChatApi } from './api/chat-api';
import { Http, type HttpOptions } from './api/http';
import { PluginsApi } from './plugins/plugins-api';
import { ProvidersApi } from './api/providers-api';
import { SingleSignOn } from './api/single-sign-on';
import { SignInSecurity } from './api/sign-in-security';
import { TeamsApi } from './api/teams-api';
import { MemoryTokenStore, Session, type Tokens, type TokenStore } from './api/session';
import { Backups } from './backup/backups';
import { ChatSockets } from './chat/chat-sockets';
import type { Vault } from './crypto/vault';
import type { HealthDto, ReadinessDto } from './generated/types.gen';
import { DagsApi } from './runs/dags-api';
import { AgentsApi, MemoriesApi } from './runs/agents-api';
import { NotificationsApi } from './notifications/notifications-api';
import { GoalsApi } from './runs/goals-api';
import { ProjectsApi } from './runs/projects-api';
import { serveRuns, type RunDeviceOptions } from './runs/run-device';
import { RunsApi } from './runs/runs-api';
import { RecordSync } from './sync/record-sync';
import { VaultMismatchError, type SyncOptions, type SyncReport } from './sync/sync-report';
import { RecordsApi } from './sync/records-api';
import type { SyncStore } from './sync/sync-store';
import { VectorCollections } from './vectors/collections';
import { VectorsApi } from './vectors/vectors-api';

export interface ClientOptions extends HttpOptions {
  /** Where tokens are kept between two starts; in memory by default. */
  readonly tokens?: TokenStore;
}

/**
 * The client of Adiuva Cloud, for Node, Electron and browsers. Keys are made and kept here; the server gets ciphertext, and a secret
 * derived from the password in its place.
 */
export class AdiuvaClient {
  readonly account: Account;
  readonly security: SignInSecurity;
  readonly sso: SingleSignOn;
  readonly chat: ChatApi;
  readonly chats: ChatSockets;
  readonly records: RecordsApi;
  readonly vectors: VectorsApi;
  readonly collections: VectorCollections;
  readonly backups: Backups;
  readonly plugins: PluginsApi;
  readonly billing: BillingApi;
  readonly dags: DagsApi;
  readonly agents: AgentsApi;
  readonly memories: MemoriesApi;
  readonly teams: TeamsApi;
  readonly goals: GoalsApi;
  readonly projects: ProjectsApi;
  readonly runs: RunsApi;
  readonly notifications: NotificationsApi;
  readonly ai: AiApi;
  readonly providers: ProvidersApi;
  readonly admin: AdminApi;
  private readonly http: Http;
  private readonly session: Session;

  constructor(options: ClientOptions) {
    const session = new Session(options.tokens ?? new MemoryTokenStore(), (token) => this.refresh(token));
    this.session = session;
    this.http = new Http(options, session);
    this.account = new Account(this.http, session);
    this.security = new SignInSecurity(this.http, session);
    this.sso = new SingleSignOn(this.http, session, this.account);
    this.chat = new ChatApi(this.http);
    this.chats = new ChatSockets(options, session);
    this.records = new RecordsApi(this.http);
    this.vectors = new VectorsApi(this.http);
    this.collections = new VectorCollections(this.vectors);
    this.backups = new Backups(this.http);
    this.plugins = new PluginsApi(this.http);
    this.billing = new BillingApi(this.http);
    this.dags = new DagsApi(this.http);
    this.agents = new AgentsApi(this.http);
    this.memories = new MemoriesApi(this.http);
    this.teams = new TeamsApi(this.http);
    this.goals = new GoalsApi(this.http);
    this.projects = new ProjectsApi(this.http);
    this.runs = new RunsApi(this.http);
    this.notifications = new NotificationsApi(this.http);
    this.ai = new AiApi(this.http);
    this.providers = new ProvidersApi(this.http);
    this.admin = new AdminApi(this.http);
  }

  /**
   * Brings the app's records and the server's together. Throws `VaultMismatchError`, before anything is read or written, where another user
   * than that of `vault` is signed in; also when the session ends or is replaced meanwhile.
   */
  async sync(vault: Vault, store: SyncStore, options: SyncOptions = {}): Promise<SyncReport> {
    const userId = await this.session.userId();
    if (userId !== undefined && userId !== vault.userId) throw new VaultMismatchError();
    const ended = new AbortController();
    const unsubscribe = this.session.onToken((token) => {
      if (token === undefined) ended.abort(new VaultMismatchError());
    });
    const signal = options.signal ? AbortSignal.any([options.signal, ended.signal]) : ended.signal;
    try {
      return await new RecordSync(this.records, vault, store, { ...options, signal }).run();
    } finally {
      unsubscribe();
    }
  }

  /**
   * Makes this device serve the user's runs: it answers their tool calls and lends the keys of encrypted goals. Gives the function that
   * ends it; `chats.close()` closes the socket.
   */
  serveRuns(options: RunDeviceOptions): () => void {
    return serveRuns(this.chats, this.runs, options);
  }

  health(): Promise<HealthDto> {
    return this.http.json('GET', '/health', { anonymous: true });
  }

  readiness(): Promise<ReadinessDto> {
    return this.http.json('GET', '/health/ready', { anonymous: true });
  }

  /** Ends the socket. The session stays, for the next start. */
  close(): void {
    this.chats.close();
  }

  private refresh(refreshToken: string): Promise<Tokens> {
    return this.http.json('POST', '/auth/refresh', { body: { refresh_token: refreshToken }, anonymous: true });
  }
}
