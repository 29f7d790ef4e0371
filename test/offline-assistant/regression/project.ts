import { CLIENT, fixturesAfter, PROJECT } from './fixtures';
import { sentencesFor, type Sentence } from './sentence';

const TOLD_OF_ATLAS = fixturesAfter('tell me about Atlas', 'Atlas is an active project for Nordwind.');

const READS: Sentence[] = [
  ...sentencesFor('project_agent', 'list_projects', [
    { say: 'show my projects' },
    { say: 'what projects am I working on?' },
    { say: 'which projects do we have for Nordwind', args: { client_id: CLIENT.nordwind } },
    { say: 'List the projects of the client Baker & Sons', args: { client_id: CLIENT.baker } },
    { say: 'show me my projects including the archived ones', args: { include_archived: true } },
    { say: 'active projects' },
    { say: 'hey, could you tell me which projects are running at the moment?' },
  ]),
  ...sentencesFor('project_agent', 'list_all_projects', [
    { say: 'list all projects' },
    { say: 'Show me all the projects, please' },
    { say: 'give me a list of every project' },
    { say: 'all projects', context: {} },
    { say: 'Can I see all of my projects across all clients?' },
  ]),
  ...sentencesFor('project_agent', 'get_project', [
    { say: 'tell me about the Atlas project', args: { project_id: PROJECT.atlas } },
    { say: 'open project Website relaunch', args: { project_id: PROJECT.website } },
    { say: 'Show the details of Kitchen renovation', args: { project_id: PROJECT.kitchen } },
    { say: 'who is the client of project atlas?', args: { project_id: PROJECT.atlas } },
    { say: 'is the Old CRM project archived?', args: { project_id: PROJECT.crm } },
    { say: 'project hiring info', args: { project_id: PROJECT.hiring } },
  ]),
];

const WRITES: Sentence[] = [
  ...sentencesFor('project_agent', 'create_project', [
    { say: 'create a project called Summer campaign', args: { name: 'Summer campaign' } },
    { say: 'New project: Garden', args: { name: 'Garden' }, context: {} },
    { say: 'start a new project "Office move"', args: { name: 'Office move' } },
    {
      say: 'Please set up a project named Polaris for Nordwind',
      args: { name: 'Polaris', client_id: CLIENT.nordwind },
    },
    { say: 'I am starting a podcast, make me a project for it' },
    { say: 'add project mobile app', args: { name: 'mobile app' } },
    { say: 'crate a new porject named Wedding', args: { name: 'Wedding' } },
    { say: 'Could we have a project for the Q2 audit of Baker & Sons?' },
  ]),
  ...sentencesFor('project_agent', 'update_project', [
    { say: 'archive project Atlas', args: { project_id: PROJECT.atlas, status: 'archived' } },
    {
      say: 'The kitchen renovation is over, please archive it',
      args: { project_id: PROJECT.kitchen, status: 'archived' },
    },
    { say: 'put the hiring project in the archive', args: { project_id: PROJECT.hiring, status: 'archived' } },
    { say: 'Reactivate the project Old CRM', args: { project_id: PROJECT.crm, status: 'active' } },
    { say: 'unarchive old crm', args: { project_id: PROJECT.crm, status: 'active' } },
    { say: 'rename project Atlas to Atlas 2', args: { project_id: PROJECT.atlas, name: 'Atlas 2' } },
    { say: 'Change the name of "Website relaunch" to "New website"', args: { name: 'New website' } },
    { say: 'assign the Hiring project to the client Nordwind', args: { client_id: CLIENT.nordwind } },
    { say: 'archive it', args: { project_id: PROJECT.atlas, status: 'archived' }, context: TOLD_OF_ATLAS },
  ]),
  ...sentencesFor('project_agent', 'delete_project', [
    { say: 'delete the project Old CRM', args: { project_id: PROJECT.crm } },
    { say: 'Permanently delete project "Kitchen renovation"', args: { project_id: PROJECT.kitchen } },
    { say: 'remove the hiring project completely, I never want to see it again', args: { project_id: PROJECT.hiring } },
    { say: 'delete website relaunch project', args: { project_id: PROJECT.website } },
  ]),
];

export const PROJECTS: readonly Sentence[] = [...READS, ...WRITES];
