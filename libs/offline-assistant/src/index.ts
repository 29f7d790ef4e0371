export { separateClauses } from './dialogue/clauses';
export { OfflineChatModel } from './dialogue/offline.adapter';
export { INTERVIEW_TOPICS } from './dialogue/interview-texts';
export { compiledIndexes, warmUp } from './dialogue/warm-up';
export { readTiming, splitGoal } from './goals/goal-reader';
