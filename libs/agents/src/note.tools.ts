import { z } from 'zod';
import { rowsOf } from './chat-context';
import { id, longText, title } from './tool-arguments';
import { filterByFields } from './row-filters';
import { createIn, deleteIn, readTool, updateIn, writeTool } from './tool';

const noteId = id('The id of the note, as the context or list_notes gives it');
const projectId = id('The project that the note belongs to').optional();

export const NOTE_TOOLS = [
  readTool(
    'list_notes',
    'Lists the notes of the user or of one project.',
    z.object({ project_id: projectId }),
    (wanted, { context }) => filterByFields(rowsOf(context, 'notes'), wanted),
  ),
  readTool(
    'get_note',
    'Gives one note with its whole text.',
    z.object({ note_id: noteId }),
    ({ note_id }, { context }) => {
      return (
        rowsOf(context, 'notes').find((note) => note['id'] === note_id) ?? {
          error: 'There is no note with this id in view',
        }
      );
    },
  ),
  writeTool(
    'create_note',
    'Writes a new note.',
    z.object({ title: title('Title of the note'), content: longText('The note in Markdown'), project_id: projectId }),
    (note, tool) => createIn('notes', note, tool),
  ),
  writeTool(
    'update_note',
    'Changes a note; read it first, because content replaces the whole text.',
    z.object({
      note_id: noteId,
      title: title('New title').optional(),
      content: longText('The whole new text in Markdown').optional(),
      project_id: projectId,
    }),
    ({ note_id, ...changes }) => updateIn('notes', note_id, changes),
  ),
  writeTool(
    'delete_note',
    'Deletes a note for good; only when the user clearly asks for it.',
    z.object({ note_id: noteId }),
    ({ note_id }) => deleteIn('notes', note_id),
  ),
] as const;
