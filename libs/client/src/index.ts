export { AdiuvaClient, type ClientOptions } from './adiuva-client';
export { Account, type SignedIn } from './api/account';
export type { Credentials, Recovery, SignIn, SignUp } from './api/credentials';
export type { AdminApi, PageQuery } from './api/admin-api';
export type { BillingApi } from './api/billing-api';
export type { ProvidersApi } from './api/providers-api';
export type { AiApi } from './api/ai-api';
export type { ChatApi, ChatRequest, ToolResult } from './api/chat-api';
export { ClientError, ConnectionProblem, type ConnectionFailure } from './client-error';
export type { HttpOptions } from './api/http';
export { SingleSignOn, SsoRefused, type PendingSso, type SsoAttempt } from './api/single-sign-on';
export { SignInSecurity, type PasskeyJson } from './api/sign-in-security';
export { ApiProblem, type FieldError } from './api/problem';
export { MemoryTokenStore, type Tokens, type TokenStore } from './api/session';
export { ave1Keys, defaultBeta, privateBeta, Sketcher } from './ave1/sketcher';
export { decodeSketch, encodeSketch, type Sketch, type SketchAlgorithm } from './ave1/sketch';
export { Backups, type BackupOptions, type BackupSource, type UploadTicket } from './backup/backups';
export { ChatSockets, type StorageChangedEvent, type StreamOptions } from './chat/chat-sockets';
export type { SocketOptions } from './chat/chat-connection';
export type { ChatEvent } from './chat/chat-event';
export type { ChatTools } from './chat/chat-tools';
export type { Bytes } from './crypto/bytes';
export { DecryptError } from './crypto/decrypt-error';
export { isVouchedFor, newSealingPair, type KeyPair } from './crypto/key-pairs';
export type { Keyring, SealedPair } from './crypto/keyring';
export {
  DEFAULT_KDF,
  KDF_FLOOR,
  KdfRefused,
  passwordKeys,
  type KdfParameters,
  type PasswordKeys,
} from './crypto/password';
export { assertStrong, WeakPasswordError } from './crypto/password-policy';
export { openRecord, sealRecord, type RecordPlace } from './crypto/records';
export { Vault, type Purpose } from './crypto/vault';
export { PackageRefused, verifyPackage, type PackageClaim, type StoreKey } from './plugins/verified-package';
export type { PluginQuery, PluginsApi } from './plugins/plugins-api';
export { BitIndex, signBits, type Near } from './search/bit-index';
export { cosine, overFetch, rerank } from './search/rerank';
export { IndexedDbKeyStore } from './stores/indexed-db-keys';
export { IndexedDbSyncStore } from './stores/indexed-db-store';
export { IndexedDbTokenStore } from './stores/indexed-db-tokens';
export { SqliteSyncStore, type SqliteDatabase } from './stores/sqlite-store';
export { RecordSync } from './sync/record-sync';
export type { DownloadedRecord, RecordOperation, RecordsApi } from './sync/records-api';
export {
  RollbackError,
  UnprovenDeletionError,
  VaultMismatchError,
  type Conflict,
  type RemoteState,
  type Resolution,
} from './sync/sync-report';
export type { SyncFailure, SyncOptions, SyncReport } from './sync/sync-report';
export { MemorySyncStore, SyncStore, type LocalRecord, type RecordChange } from './sync/sync-store';
export { CollectionMismatchError, type CollectionOptions, type VectorCollections } from './vectors/collections';
export { VectorCollection, type FoundVector, type PlainVector } from './vectors/vector-collection';
export type { CollectionMode, CollectionPlan } from './vectors/vector-keys';
export { MemoryVectorCache, type SealedVector, type VectorCache } from './vectors/vector-store';
export type { SketchQuery, VectorsApi } from './vectors/vectors-api';
export type * from './generated/types.gen';
export type { AgentsApi, MemoriesApi, MemoryQuery } from './runs/agents-api';
export type {
  BrowserPush,
  BrowserSubscription,
  NotificationQuery,
  NotificationsApi,
} from './notifications/notifications-api';
export type { GoalQuery, GoalsApi } from './runs/goals-api';
export type { DagExecutionQuery, DagQuery, DagsApi } from './runs/dags-api';
export type { RunEvent } from './runs/run-events';
export type { RunQuery, RunsApi } from './runs/runs-api';
export type { ProjectQuery, ProjectsApi } from './runs/projects-api';
export { GoalKeys, type GoalContent } from './runs/goal-keys';
export type { RunDeviceOptions } from './runs/run-device';
export { openRunOutput, type ResultDevice, type RunResult } from './runs/run-results';
