import { Accounts1795240000000 } from './1795240000000-accounts';
import { IdempotencyKeys1795240001000 } from './1795240001000-idempotency-keys';
import { StorageUsage1795240100000 } from './1795240100000-storage-usage';
import { Records1795240200000 } from './1795240200000-records';
import { ClientKeys1795240290000 } from './1795240290000-client-keys';
import { Vectors1795240300000 } from './1795240300000-vectors';
import { Backups1795240400000 } from './1795240400000-backups';
import { Billing1795240500000 } from './1795240500000-billing';
import { Chat1795240600000 } from './1795240600000-chat';
import { Marketplace1795240900000 } from './1795240900000-marketplace';
import { PluginCounts1795240901000 } from './1795240901000-plugin-counts';
import { ReplaceRecords1795240960000 } from './1795240960000-replace-records';
import { Tombstones1795251000000 } from './1795251000000-tombstones';
import { Installation1795251100000 } from './1795251100000-installation';
import { AccountRecovery1795251200000 } from './1795251200000-account-recovery';
import { WriteRecord1795252000000 } from './1795252000000-write-record';
import { PluginReturns1795252100000 } from './1795252100000-plugin-returns';
import { Runs1795261000000 } from './1795261000000-runs';
import { RunFunctions1795261000001 } from './1795261000001-run-functions';
import { RunReaper1795261000002 } from './1795261000002-run-reaper';
import { OrphanedObjects1795262000000 } from './1795262000000-orphaned-objects';
import { RestoredAt1795262100000 } from './1795262100000-restored-at';
import { Goals1795263000000 } from './1795263000000-goals';
import { Mails1795264000000 } from './1795264000000-mails';
import { Dags1795264100000 } from './1795264100000-dags';
import { Totp1795265000000 } from './1795265000000-totp';
import { AccountTokens1795265100000 } from './1795265100000-account-tokens';
import { CodeProjects1795272000000 } from './1795272000000-code-projects';
import { CustomAgents1795273000000 } from './1795273000000-custom-agents';
import { Notifications1795281000000 } from './1795281000000-notifications';
import { NotificationFunctions1795281000001 } from './1795281000001-notification-functions';
import { Passkeys1795285000000 } from './1795285000000-passkeys';
import { Teams1795285100000 } from './1795285100000-teams';
import { DeletedFileVersions1795290000000 } from './1795290000000-deleted-file-versions';
import { ContinuationLeases1795290200000 } from './1795290200000-continuation-leases';
import { DeviceQuestions1795290100000 } from './1795290100000-device-questions';
import { RunKeys1795286000000 } from './1795286000000-run-keys';
import { UnverifiedEmailChannels1795300000000 } from './1795300000000-unverified-email-channels';
import { GatewayNonces1795291000000 } from './1795291000000-gateway-nonces';
import { Sso1795320000000 } from './1795320000000-sso';
import { GoalNotices1795300000001 } from './1795300000001-goal-notices';
import { DeferredSteps1795300000002 } from './1795300000002-deferred-steps';
import { NotificationStarts1795300000003 } from './1795300000003-notification-starts';
import { Audit1795291100000 } from './1795291100000-audit';
import { AccountExports1795291200000 } from './1795291200000-account-exports';
import { Telemetry1795291300000 } from './1795291300000-telemetry';
import { OwnProviders1795321000000 } from './1795321000000-own-providers';
import { SsoSessions1795341000000 } from './1795341000000-sso-sessions';
import { DisabledAccounts1795342000000 } from './1795342000000-disabled-accounts';
import { ChatStreams1795350000000 } from './1795350000000-chat-streams';
import { AccountUnlocks1795351000000 } from './1795351000000-account-unlocks';
import { StripeCatchUp1795352000000 } from './1795352000000-stripe-catch-up';
import { ConcurrentWork1795362500000 } from './1795362500000-concurrent-work';
import { Inviters1795363000000 } from './1795363000000-inviters';
import { SentPayouts1795363200000 } from './1795363200000-sent-payouts';
import { PausedSteps1795360000000 } from './1795360000000-paused-steps';
import { CallClaims1795361000000 } from './1795361000000-call-claims';
import { DroppedKeys1795363600000 } from './1795363600000-dropped-keys';
import { DueNotifications1795364000000 } from './1795364000000-due-notifications';
import { AskedAgain1795364100000 } from './1795364100000-asked-again';
import { PaidSteps1795364700000 } from './1795364700000-paid-steps';
import { OldNotifications1795364800000 } from './1795364800000-old-notifications';
import { QueuedAnswers1795365100000 } from './1795365100000-queued-answers';
import { CountedSteps1795365200000 } from './1795365200000-counted-steps';
import { HeldNotifications1795365300000 } from './1795365300000-held-notifications';
import { DeferredClaims1795365400000 } from './1795365400000-deferred-claims';

/** In order of their time stamps; a landed one is never edited. */
export const MIGRATIONS = [
  Accounts1795240000000,
  IdempotencyKeys1795240001000,
  StorageUsage1795240100000,
  Records1795240200000,
  ClientKeys1795240290000,
  Vectors1795240300000,
  Backups1795240400000,
  Billing1795240500000,
  Chat1795240600000,
  Marketplace1795240900000,
  PluginCounts1795240901000,
  ReplaceRecords1795240960000,
  Tombstones1795251000000,
  Installation1795251100000,
  AccountRecovery1795251200000,
  WriteRecord1795252000000,
  PluginReturns1795252100000,
  Runs1795261000000,
  RunFunctions1795261000001,
  RunReaper1795261000002,
  OrphanedObjects1795262000000,
  RestoredAt1795262100000,
  Goals1795263000000,
  Mails1795264000000,
  Dags1795264100000,
  Totp1795265000000,
  AccountTokens1795265100000,
  CodeProjects1795272000000,
  CustomAgents1795273000000,
  Notifications1795281000000,
  NotificationFunctions1795281000001,
  Passkeys1795285000000,
  Teams1795285100000,
  RunKeys1795286000000,
  UnverifiedEmailChannels1795300000000,
  DeletedFileVersions1795290000000,
  DeviceQuestions1795290100000,
  ContinuationLeases1795290200000,
  GatewayNonces1795291000000,
  Sso1795320000000,
  GoalNotices1795300000001,
  DeferredSteps1795300000002,
  NotificationStarts1795300000003,
  Audit1795291100000,
  AccountExports1795291200000,
  Telemetry1795291300000,
  OwnProviders1795321000000,
  SsoSessions1795341000000,
  DisabledAccounts1795342000000,
  ChatStreams1795350000000,
  AccountUnlocks1795351000000,
  StripeCatchUp1795352000000,
  PausedSteps1795360000000,
  CallClaims1795361000000,
  ConcurrentWork1795362500000,
  Inviters1795363000000,
  SentPayouts1795363200000,
  DroppedKeys1795363600000,
  DueNotifications1795364000000,
  AskedAgain1795364100000,
  PaidSteps1795364700000,
  OldNotifications1795364800000,
  QueuedAnswers1795365100000,
  CountedSteps1795365200000,
  HeldNotifications1795365300000,
  DeferredClaims1795365400000,
] as const;
