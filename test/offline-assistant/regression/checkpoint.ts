import { fixturesAfter, PROJECT } from './fixtures';
import { ms, sentencesFor } from './sentence';

const TOLD_OF_BETA = fixturesAfter('when is the beta?', 'The checkpoint "Beta release" of Atlas is on 20 March 2026.');

export const CHECKPOINTS = [
  ...sentencesFor('checkpoint_agent', 'list_checkpoints', [
    { say: 'list the checkpoints of Atlas', args: { project_id: PROJECT.atlas } },
    { say: 'What milestones are coming up for the website relaunch?', args: { project_id: PROJECT.website } },
    { say: 'show milestones' },
    { say: 'kitchen renovation checkpoints', args: { project_id: PROJECT.kitchen } },
    { say: 'what is the next milestone in atlas' },
    { say: 'Do we have any checkpoints in the Hiring project yet?', args: { project_id: PROJECT.hiring } },
  ]),
  ...sentencesFor('checkpoint_agent', 'create_checkpoint', [
    {
      say: 'add a checkpoint "Code freeze" to Atlas on 16 March',
      args: { title: 'Code freeze', date: ms('2026-03-16') },
    },
    {
      say: 'create a milestone Public launch for Atlas on 2026-05-01',
      args: { title: 'Public launch', project_id: PROJECT.atlas, date: ms('2026-05-01') },
    },
    { say: 'new milestone in website relaunch: content ready, next friday', args: { project_id: PROJECT.website } },
    {
      say: 'Please set a checkpoint for the Kitchen renovation, floor finished, by April 10th',
      args: { date: ms('2026-04-10') },
    },
    {
      say: 'add milestone "First offer signed" to hiring tomorrow',
      args: { title: 'First offer signed', date: ms('2026-03-05') },
    },
    {
      say: 'we need a checkpoint at the end of March for Atlas, call it Security review',
      args: { date: ms('2026-03-31') },
    },
    { say: 'mileston for atlas: load test passed on 18 march', args: { project_id: PROJECT.atlas } },
    {
      say: 'Could you put a milestone called "Go/no-go" into the Atlas project in three weeks?',
      args: { date: ms('2026-03-25') },
    },
    { say: 'Checkpoint: electricity approved, Kitchen renovation, 30 March', args: { project_id: PROJECT.kitchen } },
  ]),
  ...sentencesFor('checkpoint_agent', 'update_checkpoint', [
    { say: 'move the checkpoint Beta release to 27 March', args: { date: ms('2026-03-27') } },
    { say: 'The design freeze milestone slips to next Monday', args: { date: ms('2026-03-09') } },
    { say: 'rename the milestone "Go live" to "Launch day"', args: { title: 'Launch day' } },
    {
      say: 'Please postpone the Cabinets delivered checkpoint until the 9th of April',
      args: { date: ms('2026-04-09') },
    },
    { say: 'approve the milestone Beta release' },
    { say: 'push it to 2 April', args: { date: ms('2026-04-02') }, context: TOLD_OF_BETA },
  ]),
  ...sentencesFor('checkpoint_agent', 'delete_checkpoint', [
    { say: 'delete the checkpoint Design freeze' },
    { say: 'Remove the milestone "Go live" from the website relaunch, please' },
    { say: 'drop the beta release milestone' },
    { say: 'we dont need the cabinets delivered checkpoint, remove it' },
  ]),
];
