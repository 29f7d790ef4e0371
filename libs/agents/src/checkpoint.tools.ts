import { z } from 'zod';
import { rowsOf } from './chat-context';
import { flag, id, time, title } from './tool-arguments';
import { filterByFields, sortBy } from './row-filters';
import { entityTools, readTool } from './tool';

export const CHECKPOINT_TOOLS = [
  readTool(
    'list_checkpoints',
    'Lists the checkpoints (milestones) of a project or of all projects by date.',
    z.object({ project_id: id('Only checkpoints of this project').optional() }),
    (wanted, { context }) => sortBy(filterByFields(rowsOf(context, 'checkpoints'), wanted), 'date'),
  ),
  ...entityTools({
    table: 'checkpoints',
    noun: 'checkpoint',
    id: 'The id of the checkpoint, as the context or list_checkpoints gives it',
    fields: {
      project_id: id('The project that it belongs to'),
      title: title('What is reached then'),
      date: time('The day of the checkpoint, in milliseconds since 1970; -1 leaves it as it is'),
      is_ai_suggested: flag('Whether the assistant proposed it by itself').optional(),
      is_approved: flag('Whether the user has agreed to it').optional(),
    },
    descriptions: {
      create: 'Sets a checkpoint (milestone) of a project.',
      update: 'Changes the given fields of a checkpoint.',
      delete: 'Deletes a checkpoint for good.',
    },
  }),
] as const;
