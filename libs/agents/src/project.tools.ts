import { z } from 'zod';
import { rowsOf, type ClientRow } from './chat-context';
import { flag, id, projectStatus, title } from './tool-arguments';
import { filterByFields } from './row-filters';
import { entityTools, readTool } from './tool';

const PROJECT_ID = 'The id of the project, as the context or list_projects gives it';
const clientId = id('The client that the project is for');

function active(projects: readonly ClientRow[]): readonly ClientRow[] {
  return projects.filter((project) => project['status'] !== 'archived');
}

export const PROJECT_TOOLS = [
  readTool(
    'list_projects',
    'Lists the projects of the user, by default without archived ones.',
    z.object({
      client_id: clientId.optional(),
      include_archived: flag('Whether archived projects are wanted too').optional(),
    }),
    ({ client_id, include_archived }, { context }) => {
      const all = rowsOf(context, 'projects');
      return filterByFields(include_archived === true ? all : active(all), { client_id });
    },
  ),
  readTool('list_all_projects', 'Lists every project, archived ones too.', z.object({}), (_, { context }) =>
    rowsOf(context, 'projects'),
  ),
  readTool(
    'get_project',
    'Gives one project.',
    z.object({ project_id: id(PROJECT_ID) }),
    ({ project_id }, { context }) => {
      return (
        rowsOf(context, 'projects').find((project) => project['id'] === project_id) ?? {
          error: 'There is no project with this id in view',
        }
      );
    },
  ),
  ...entityTools({
    table: 'projects',
    noun: 'project',
    id: PROJECT_ID,
    fields: { name: title('Name of the project'), client_id: clientId.optional() },
    updateFields: { status: projectStatus.optional() },
    descriptions: {
      create: 'Creates a project.',
      update:
        'Renames a project, moves it to another client, archives it (status archived) or takes it up again (status active).',
      delete: 'Deletes a project for good. Archive it instead unless the user insists on deleting.',
    },
  }),
] as const;
