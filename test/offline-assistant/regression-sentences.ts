import { CHECKPOINTS } from './regression/checkpoint';
import { NEW_TASKS } from './regression/new-tasks';
import { NO_TOOL } from './regression/no-tool';
import { NOTES } from './regression/note';
import { PROJECTS } from './regression/project';
import { TASKS } from './regression/task';
import type { Sentence } from './regression/sentence';

export { OTHER_LANGUAGES } from './regression/other-languages';
export { ANY_AGENT, type Sentence, type SentenceContext } from './regression/sentence';

/** What people type into the assistant, with the tool that answers it; written without knowledge of any model. */
export const SENTENCES: readonly Sentence[] = [
  ...NEW_TASKS,
  ...TASKS,
  ...PROJECTS,
  ...NOTES,
  ...CHECKPOINTS,
  ...NO_TOOL,
];
