import { fixturesAfter, PROJECT } from './fixtures';
import { sentencesFor, type Sentence } from './sentence';

const TOLD_OF_COLOURS = fixturesAfter('read my note Paint colours', 'The note "Paint colours" says: Sage.');

const READS: Sentence[] = [
  ...sentencesFor('note_agent', 'list_notes', [
    { say: 'show my notes' },
    { say: 'What notes do I have?' },
    { say: 'list the notes of project Atlas', args: { project_id: PROJECT.atlas } },
    { say: 'notes for kitchen renovation', args: { project_id: PROJECT.kitchen } },
    { say: 'have I written any notes about hiring?' },
    { say: 'can you pull up all my notes please', context: {} },
  ]),
  ...sentencesFor('note_agent', 'get_note', [
    { say: 'open the note "Minutes 2 March"' },
    { say: 'read me my newsletter ideas note' },
    { say: 'What does my note about the wifi say?' },
    { say: 'show note Paint colours' },
    { say: 'Could you show me what I wrote in Interview questions?' },
    { say: 'summarise the note Minutes 2 March' },
    { say: "what's in my shopping list note" },
  ]),
];

const WRITES: Sentence[] = [
  ...sentencesFor('note_agent', 'create_note', [
    { say: 'create a note called "Books to read"', args: { title: 'Books to read' } },
    { say: 'new note: gate code is 4471' },
    { say: 'Take a note: the client prefers calls after lunch' },
    { say: 'write down that the spare key is with Tom' },
    { say: 'note to self: the blue folder has the receipts' },
    {
      say: 'Make a note titled "Holiday plan" with the content "Ferry at nine, hotel by the harbour"',
      args: { title: 'Holiday plan' },
    },
    { say: 'Add a note to the Atlas project: we chose Postgres over Mongo', args: { project_id: PROJECT.atlas } },
    { say: 'save a note in Hiring called Salary ranges', args: { title: 'Salary ranges', project_id: PROJECT.hiring } },
    { say: 'jot this down - supplier can deliver 40 chairs by may' },
    { say: 'Please start a Markdown note "Retro" with the headings Good, Bad and Next', args: { title: 'Retro' } },
    { say: 'mak a noet about todays call with Anna' },
    { say: 'note: Luca is allergic to nuts', context: {} },
  ]),
  ...sentencesFor('note_agent', 'update_note', [
    { say: 'add "milk" to the note Shopping list' },
    { say: 'append a line to my newsletter ideas: interview with a beekeeper' },
    { say: 'Rename the note "Wifi" to "Wifi at the office"', args: { title: 'Wifi at the office' } },
    { say: 'change the note Paint colours to say Ocean blue instead of Sage' },
    { say: 'Update the note Minutes 2 March: the budget was not agreed' },
    { say: 'move the note Interview questions to the Hiring project', args: { project_id: PROJECT.hiring } },
    { say: 'replace the content of the wifi note with "no guest network any more"' },
    { say: 'add to it that the ceiling stays white', context: TOLD_OF_COLOURS },
  ]),
  ...sentencesFor('note_agent', 'delete_note', [
    { say: 'delete the note "Wifi"' },
    { say: 'Please remove my note Newsletter ideas.' },
    { say: 'throw away the shopping list note' },
    { say: 'delete this note', context: TOLD_OF_COLOURS },
  ]),
];

export const NOTES: readonly Sentence[] = [...READS, ...WRITES];
