/** A Wednesday. */
export const NOW = '2026-03-04T10:00:00Z';

export const CLIENT = {
  baker: '0195a1c0-0000-7000-8000-0000000000c1',
  nordwind: '0195a1c0-0000-7000-8000-0000000000c2',
};

export const PROJECT = {
  atlas: '0195a1c0-0000-7000-8000-0000000000a1',
  website: '0195a1c0-0000-7000-8000-0000000000a2',
  kitchen: '0195a1c0-0000-7000-8000-0000000000a3',
  hiring: '0195a1c0-0000-7000-8000-0000000000a4',
  crm: '0195a1c0-0000-7000-8000-0000000000a5',
};

export const TASK = {
  invoice: '0195a1c0-0000-7000-8000-000000000b01',
  login: '0195a1c0-0000-7000-8000-000000000b02',
  plumber: '0195a1c0-0000-7000-8000-000000000b03',
  slides: '0195a1c0-0000-7000-8000-000000000b04',
  milk: '0195a1c0-0000-7000-8000-000000000b05',
  homepage: '0195a1c0-0000-7000-8000-000000000b06',
  contract: '0195a1c0-0000-7000-8000-000000000b07',
  laptop: '0195a1c0-0000-7000-8000-000000000b08',
};

const PROJECTS = [
  { id: PROJECT.atlas, name: 'Atlas', status: 'active', client_id: CLIENT.nordwind },
  { id: PROJECT.website, name: 'Website relaunch', status: 'active', client_id: CLIENT.baker },
  { id: PROJECT.kitchen, name: 'Kitchen renovation', status: 'active' },
  { id: PROJECT.hiring, name: 'Hiring', status: 'active' },
  { id: PROJECT.crm, name: 'Old CRM', status: 'archived', client_id: CLIENT.baker },
];

const CHECKPOINTS = [
  { id: '0195a1c0-0000-7000-8000-000000000d01', title: 'Beta release', project_id: PROJECT.atlas },
  { id: '0195a1c0-0000-7000-8000-000000000d02', title: 'Design freeze', project_id: PROJECT.website },
  { id: '0195a1c0-0000-7000-8000-000000000d03', title: 'Cabinets delivered', project_id: PROJECT.kitchen },
  { id: '0195a1c0-0000-7000-8000-000000000d04', title: 'Go live', project_id: PROJECT.website },
];

const NOTES = [
  { id: '0195a1c0-0000-7000-8000-000000000e01', title: 'Minutes 2 March', content: '# Minutes\n- budget agreed' },
  { id: '0195a1c0-0000-7000-8000-000000000e02', title: 'Newsletter ideas', content: '- spring tips' },
  { id: '0195a1c0-0000-7000-8000-000000000e03', title: 'Paint colours', content: 'Sage', project_id: PROJECT.kitchen },
  { id: '0195a1c0-0000-7000-8000-000000000e04', title: 'Interview questions', content: '1. Why us?' },
  { id: '0195a1c0-0000-7000-8000-000000000e05', title: 'Wifi', content: 'ask Tom for the guest network' },
  { id: '0195a1c0-0000-7000-8000-000000000e06', title: 'Shopping list', content: '- eggs\n- bread' },
];

const COMMENTS = {
  login: [
    { id: '0195a1c0-0000-7000-8000-000000000f01', author: 'Marta', content: 'Happens only in Safari' },
    { id: '0195a1c0-0000-7000-8000-000000000f02', author: 'Nora', content: 'Cannot reproduce it here' },
  ],
  slides: [{ id: '0195a1c0-0000-7000-8000-000000000f03', author: 'Tom', content: 'Please use the new template' }],
};

const TASKS = [
  { id: TASK.invoice, title: 'Send invoice to Baker', status: 'todo', priority: 'high', due_date: Date.parse(NOW) },
  {
    id: TASK.login,
    title: 'Fix login bug',
    status: 'in_progress',
    project_id: PROJECT.atlas,
    comments: COMMENTS.login,
  },
  { id: TASK.plumber, title: 'Call the plumber', status: 'todo', priority: 'medium', project_id: PROJECT.kitchen },
  { id: TASK.slides, title: 'Prepare slides for the board', status: 'todo', comments: COMMENTS.slides },
  { id: TASK.milk, title: 'Buy milk', status: 'todo', priority: 'low' },
  { id: TASK.homepage, title: 'Review homepage copy', status: 'in_progress', project_id: PROJECT.website },
  { id: TASK.contract, title: 'Draft contract for Nordwind', status: 'todo', priority: 'high' },
  { id: TASK.laptop, title: 'Back up the old laptop', status: 'done', priority: 'low' },
];

/** What the app knows of Nora when she types. */
export const FIXTURES = {
  user_profile: {
    name: 'Nora',
    projects: PROJECTS,
    clients: [
      { id: CLIENT.baker, name: 'Baker & Sons' },
      { id: CLIENT.nordwind, name: 'Nordwind' },
    ],
    checkpoints: CHECKPOINTS,
    notes: NOTES,
  },
  recent_tasks: TASKS,
};

/** The same situation in Rome, an hour ahead of UTC on that day. */
export const FIXTURES_IN_ROME = { ...FIXTURES, user_profile: { ...FIXTURES.user_profile, timezone: 'Europe/Rome' } };

interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/** The situation after one exchange, for sentences that say "it". */
export function fixturesAfter(asked: string, answered: string) {
  const conversation_history: Turn[] = [
    { role: 'user', content: asked },
    { role: 'assistant', content: answered },
  ];
  return { ...FIXTURES, conversation_history };
}
