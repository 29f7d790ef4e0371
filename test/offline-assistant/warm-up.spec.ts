import { compiledIndexes, warmUp } from '@adiuva/offline-assistant';
import { route } from './conversation';

const FIRST_MESSAGES = [
  'Add a task to call the dentist tomorrow at half past nine, high priority',
  'Leg eine Aufgabe an: Zahnarzt anrufen, morgen um halb zehn',
  'Aggiungi un promemoria per chiamare il dentista domani alle nove e mezza',
  'Ajoute une tâche : appeler le dentiste demain à 9h30',
  'Añade una tarea para llamar al dentista mañana a las nueve y media',
];
/** Short lists of words that single steps index beside the lexicon, a few in each language. */
const MAX_NEW = 5 * FIRST_MESSAGES.length;

describe('the first message after the start', () => {
  it('finds the lexicons indexed, in every language', async () => {
    warmUp(Date.parse('2026-11-25T10:00:00Z'));
    const warm = compiledIndexes();
    for (const message of FIRST_MESSAGES) await route(message, {});
    expect(warm).toBeGreaterThan(500);
    expect(compiledIndexes() - warm).toBeLessThanOrEqual(MAX_NEW);
  });
});
