import { z } from 'zod';
import { rowsOf, type ClientRow } from './chat-context';
import { flag, id, projectStatus, title } from './tool-arguments';
import { filterByFields } from './row-filters';
import { createIn, deleteIn, readTool, updateIn, writeTool } from './tool';

const projectId = id('The id of the project, as the context or list_projects gives it');
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
  readTool('get_project', 'Gives one project.', z.object({ project_id: projectId }), ({ project_id }, { context }) => {
    return (
      rowsOf(context, 'projects').find((project) => project['id'] === project_id) ?? {
        error: 'There is no project with this id in view',
      }
    );
  }),
  writeTool(
    'create_project',
    'Creates a project.',
    z.object({ name: title('Name of the project'), client_id: clientId.optional() }),
    (project, tool) => createIn('projects', project, tool),
  ),
  writeTool(
    'update_project',
    'Renames a project, moves it to another client, archives it (status archived) or takes it up again (status active).',
    z.object({
      project_id: projectId,
      name: title('New name').optional(),
      client_id: clientId.optional(),
      status: projectStatus.optional(),
    }),
    ({ project_id, ...changes }) => updateIn('projects', project_id, changes),
  ),
  writeTool(
    'delete_project',
    'Deletes a project for good. Archive it instead unless the user insists on deleting.',
    z.object({ project_id: projectId }),
    ({ project_id }) => deleteIn('projects', project_id),
  ),
] as const;
