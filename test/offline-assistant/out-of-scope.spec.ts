import { judge, sentenceOf } from './sentence-evaluation';

describe('messages that have the form of a command and ask for none of the tools', () => {
  it.each([
    ['en', 'Add two eggs and stir'],
    ['en', 'Add a pinch of salt'],
    ['de', 'Füge zwei Eier hinzu und rühre um'],
    ['it', 'Aggiungi due uova e mescola'],
    ['fr', 'Ajoute deux œufs et mélange'],
    ['es', 'Añade dos huevos y remueve'],
    ['es', 'Necesito un consejo para una cena'],
    ['en', 'Book recommendations for a rainy Sunday?'],
    ['de', 'Mach bitte das Licht aus'],
  ])('%s "%s" calls no tool', async (lang, message) => {
    const { seen, toolRight } = await judge(sentenceOf(lang, message));
    expect({ seen, toolRight }).toMatchObject({ toolRight: true });
  });

  it('a list or a day makes a task of what could be a step of a recipe', async () => {
    for (const message of ['Add mix the paint and stir it to my tasks', 'Add a task: whisk two eggs and stir']) {
      const { seen } = await judge(sentenceOf('en', message));
      expect(seen).toContain('create_task');
    }
  });
});
