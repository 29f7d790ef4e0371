import { z } from 'zod';
import { rowsOf } from './chat-context';
import { id, longText, title } from './tool-arguments';
import { filterByFields } from './row-filters';
import { INDEX_NOTE } from './app.tools';
import { entityTools, readTool } from './tool';

const NOTE_ID = 'The id of the note, as the context or list_notes gives it';
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
    z.object({ note_id: id(NOTE_ID) }),
    ({ note_id }, { context }) => {
      return (
        rowsOf(context, 'notes').find((note) => note['id'] === note_id) ?? {
          error: 'There is no note with this id in view',
        }
      );
    },
  ),
  ...entityTools({
    table: 'notes',
    noun: 'note',
    id: NOTE_ID,
    fields: {
      title: title('Title of the note'),
      content: longText('The whole text of the note in Markdown'),
      project_id: projectId,
    },
    descriptions: {
      create: 'Writes a new note.',
      update: 'Changes a note; read it first, because content replaces the whole text.',
      delete: 'Deletes a note for good; only when the user clearly asks for it.',
    },
  }),
  INDEX_NOTE,
] as const;
