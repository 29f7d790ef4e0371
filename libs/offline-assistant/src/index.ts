export { separateClauses, type SeparateClause } from './dialogue/clauses';
export { OfflineChatModel, type OfflineCallOptions } from './dialogue/offline.adapter';
export { warmUp } from './dialogue/warm-up';
