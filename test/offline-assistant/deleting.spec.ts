import { AIMessage, HumanMessage } from '@langchain/core/messages';

import { FIXTURES } from './regression/fixtures';
import { converse, route } from './conversation';

const situation = { context: FIXTURES };
const asked = 'delete the task Buy milk';

async function answering(answer: string, question?: string) {
  const first = question ?? (await converse('task_agent', asked, situation)).text;
  const history = [new HumanMessage(asked), new AIMessage(first)];
  return converse('task_agent', answer, { ...situation, history });
}

describe('deleting', () => {
  it('is confirmed with the name, and nothing is called', async () => {
    const { calls, text } = await converse('task_agent', asked, situation);
    expect(calls).toEqual([]);
    expect(text).toBe("Shall I delete the task 'Buy milk'? Say yes.");
  });

  it.each(['yes', 'Yes please.', 'ok, do it', 'sure', 'go ahead', 'ja', 'sì'])('is done on "%s"', async (answer) => {
    const { calls, text } = await answering(answer);
    expect(calls.map((call) => call.name)).toEqual(['delete_task']);
    expect(text).toContain('Deleted the task');
  });

  it.each(['no', 'no, keep it', 'cancel', 'nein'])('is dropped on "%s"', async (answer) => {
    const { calls, text } = await answering(answer);
    expect(calls).toEqual([]);
    expect(text).toBe("All right, the task 'Buy milk' stays.");
  });

  it.each(['yes but archive it instead', 'yesterday I bought bread', 'yes, create a task to buy bread'])(
    'is not done on "%s"',
    async (answer) => {
      const { calls } = await answering(answer);
      expect(calls.map((call) => call.name)).not.toContain('delete_task');
    },
  );

  it('is not done on a yes to something else', async () => {
    expect((await answering('yes', 'Do you want to hear more?')).calls).toEqual([]);
    expect((await converse('task_agent', 'yes', situation)).calls).toEqual([]);
  });

  it('is not done on a yes that comes later', async () => {
    const history = [
      new AIMessage("Shall I delete the task 'Buy milk'? Say yes."),
      new HumanMessage('what is due today?'),
      new AIMessage('Nothing is due today.'),
    ];
    expect((await converse('task_agent', 'yes', { ...situation, history })).calls).toEqual([]);
  });

  it('does not take everything at once', async () => {
    const { calls, text } = await converse('task_agent', 'delete all tasks', situation);
    expect(calls).toEqual([]);
    expect(text).toContain('one thing at a time');
  });

  it('routes the yes to the agent that asked', async () => {
    const history = [
      new HumanMessage('delete the note Wifi'),
      new AIMessage("Shall I delete the note 'Wifi'? Say yes."),
    ];
    expect(await route('yes', { ...situation, history })).toEqual(['note_agent']);
  });

  it('offers to archive a project instead, and does so', async () => {
    const { text } = await converse('project_agent', 'delete the project Hiring', situation);
    expect(text).toContain('Archiving would keep it');
    const history = [new HumanMessage('delete the project Hiring'), new AIMessage(text)];
    const { calls } = await converse('project_agent', 'archive it', { ...situation, history });
    expect(calls).toEqual([{ name: 'update_project', args: expect.objectContaining({ status: 'archived' }) }]);
  });
});
