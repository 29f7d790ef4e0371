import { CHECKPOINTS } from './sentences/checkpoint';
import { NEW_TASKS } from './sentences/new-tasks';
import { NO_TOOL } from './sentences/no-tool';
import { NOTES } from './sentences/note';
import { PROJECTS } from './sentences/project';
import { TASKS } from './sentences/task';
import type { Sentence } from './sentences/sentence';

export { OTHER_LANGUAGES } from './sentences/other-languages';
export { ANY_AGENT, type Sentence, type SentenceContext } from './sentences/sentence';

/** What people type into the assistant, with the tool that answers it; written without knowledge of any model. */
export const SENTENCES: readonly Sentence[] = [
  ...NEW_TASKS,
  ...TASKS,
  ...PROJECTS,
  ...NOTES,
  ...CHECKPOINTS,
  ...NO_TOOL,
];
