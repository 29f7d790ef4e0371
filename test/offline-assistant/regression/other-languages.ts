import { PROJECT, TASK } from './fixtures';
import { ms, sentencesFor, type Sentence } from './sentence';

const ITALIAN: Sentence[] = [
  ...sentencesFor('task_agent', 'create_task', [
    { say: 'ricordami di chiamare il dentista domani', args: { due_date: ms('2026-03-05') } },
    { say: "Aggiungi un'attività urgente: pagare la bolletta", args: { priority: 'high' } },
  ]),
  ...sentencesFor('task_agent', 'list_tasks_due_today', [{ say: 'cosa devo fare oggi?' }]),
  ...sentencesFor('project_agent', 'list_projects', [{ say: 'mostrami i miei progetti' }]),
  ...sentencesFor('note_agent', 'create_note', [{ say: 'crea una nota: la chiave è dal vicino' }]),
  ...sentencesFor('project_agent', 'update_project', [
    { say: 'archivia il progetto Atlas', args: { project_id: PROJECT.atlas, status: 'archived' } },
  ]),
];

const GERMAN: Sentence[] = [
  ...sentencesFor('task_agent', 'create_task', [
    { say: 'erinnere mich morgen an den Zahnarzt', args: { due_date: ms('2026-03-05') } },
  ]),
  ...sentencesFor('task_agent', 'update_task', [
    { say: 'Markiere "Buy milk" als erledigt', args: { task_id: TASK.milk, status: 'done' } },
  ]),
  ...sentencesFor('task_agent', 'list_tasks', [{ say: 'Zeig mir bitte meine Aufgaben' }]),
  ...sentencesFor('project_agent', 'create_project', [
    { say: 'leg ein neues Projekt namens Umzug an', args: { name: 'Umzug' } },
  ]),
  ...sentencesFor('note_agent', 'list_notes', [{ say: 'welche Notizen habe ich?' }]),
  ...sentencesFor('checkpoint_agent', 'create_checkpoint', [
    { say: 'Neuer Meilenstein für Atlas am 20. März: Abnahme', args: { project_id: PROJECT.atlas } },
  ]),
];

export const OTHER_LANGUAGES: readonly Sentence[] = [...ITALIAN, ...GERMAN];
