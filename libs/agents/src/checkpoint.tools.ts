import { z } from 'zod';
import { rowsOf } from './chat-context';
import { flag, id, time, title } from './tool-arguments';
import { filterByFields, sortBy } from './row-filters';
import { createIn, deleteIn, readTool, updateIn, writeTool } from './tool';

const checkpointId = id('The id of the checkpoint, as the context or list_checkpoints gives it');
const date = time('The day of the checkpoint, in milliseconds since 1970; -1 leaves it as it is');

const SUGGESTION = {
  is_ai_suggested: flag('Whether the assistant proposed it by itself').optional(),
  is_approved: flag('Whether the user has agreed to it').optional(),
};

export const CHECKPOINT_TOOLS = [
  readTool(
    'list_checkpoints',
    'Lists the checkpoints (milestones) of a project or of all projects by date.',
    z.object({ project_id: id('Only checkpoints of this project').optional() }),
    (wanted, { context }) => sortBy(filterByFields(rowsOf(context, 'checkpoints'), wanted), 'date'),
  ),
  writeTool(
    'create_checkpoint',
    'Sets a checkpoint (milestone) of a project.',
    z.object({
      project_id: id('The project that it belongs to'),
      title: title('What is reached then'),
      date,
      ...SUGGESTION,
    }),
    (checkpoint, tool) => createIn('checkpoints', checkpoint, tool),
  ),
  writeTool(
    'update_checkpoint',
    'Changes the given fields of a checkpoint.',
    z.object({
      checkpoint_id: checkpointId,
      title: title('New title').optional(),
      date: date.optional(),
      ...SUGGESTION,
    }),
    ({ checkpoint_id, ...changes }) => updateIn('checkpoints', checkpoint_id, changes),
  ),
  writeTool(
    'delete_checkpoint',
    'Deletes a checkpoint for good.',
    z.object({ checkpoint_id: checkpointId }),
    ({ checkpoint_id }) => deleteIn('checkpoints', checkpoint_id),
  ),
] as const;
