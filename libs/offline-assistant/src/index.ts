export { OfflineChatModel, type OfflineCallOptions } from './dialogue/offline.adapter';
export { warmUp } from './dialogue/warm-up';
