import { AIMessage, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';

import { toolsOf } from './agent-tools';
import { converse, model, opening, route } from './conversation';

/** Answers each call of the agent with the next of these results. */
async function withResults(agent: string, say: string, results: readonly unknown[]) {
  const bound = model.bindTools(toolsOf(agent));
  const messages = opening(say, {});
  const calls: { name: string; args: Record<string, unknown> }[] = [];
  for (const result of [...results, { error: 'too many rounds' }]) {
    const answer = await bound.invoke(messages);
    const [call] = answer.tool_calls ?? [];
    if (!call) return { calls, text: answer.text };
    calls.push({ name: call.name, args: call.args });
    messages.push(new AIMessage({ content: '', tool_calls: [call] }));
    messages.push(new ToolMessage({ tool_call_id: call.id ?? '', content: JSON.stringify(result) }));
  }
  return { calls, text: (await bound.invoke(messages)).text };
}

describe('the rounds of a turn', () => {
  it('look up a name that the context does not have, then write', async () => {
    const rows = [{ id: 't9', title: 'Water the plants' }];
    const { calls } = await withResults('task_agent', 'mark water the plants as done', [rows, { ok: true }]);
    expect(calls[0]).toEqual({ name: 'list_tasks', args: { search: 'water plants' } });
    expect(calls[1]).toEqual({ name: 'update_task', args: { task_id: 't9', status: 'done' } });
  });

  it('look again without the words when the search brings nothing', async () => {
    const rows = [{ id: 't9', title: 'Watering of the plants' }];
    const { calls } = await withResults('task_agent', 'mark water the plants as done', [[], rows, { ok: true }]);
    expect(calls.map((call) => call.name)).toEqual(['list_tasks', 'list_tasks', 'update_task']);
  });

  it('end with a question when two names fit', async () => {
    const rows = [
      { id: 'a', title: 'Call Anna' },
      { id: 'b', title: 'Call Anna' },
    ];
    const { calls, text } = await withResults('task_agent', 'mark call Anna as done', [rows]);
    expect(calls).toHaveLength(1);
    expect(text).toBe("Which task do you mean: 'Call Anna' (a) or 'Call Anna' (b)?");
  });

  it('end plainly when nothing fits', async () => {
    const { calls, text } = await withResults('task_agent', 'mark the moon landing as done', [[], []]);
    expect(calls).toHaveLength(2);
    expect(text).toContain('I found no task that matches');
  });

  it('read a note before it is changed and keep what was in it', async () => {
    const notes = [{ id: 'n1', title: 'Shopping', content: '- eggs' }];
    const results = [notes, notes[0], { ok: true }];
    const { calls } = await withResults('note_agent', 'add milk to the note Shopping', results);
    expect(calls.map((call) => call.name)).toEqual(['list_notes', 'get_note', 'update_note']);
    expect(calls[2]?.args).toEqual({ note_id: 'n1', content: '- eggs\n- milk' });
  });

  it('say what was done, from what the tool answered', async () => {
    const data = { title: 'Call Anna', due_date: Date.parse('2026-03-05T17:00:00Z'), priority: 'high', status: 'todo' };
    const result = { ok: true, action: { type: 'create_record', table: 'tasks', data } };
    const { text } = await withResults('task_agent', 'remind me to call Anna tomorrow at 5, high priority', [result]);
    expect(text).toBe("Created the task 'Call Anna', due Thursday 5 March 2026, 17:00, high priority.");
  });

  it('say that nothing is due, and pass on what a tool complains about', async () => {
    expect((await withResults('task_agent', 'what is due today?', [[]])).text).toBe('Nothing is due today.');
    const failed = await withResults('task_agent', 'what is due today?', [{ error: 'the app is offline' }]);
    expect(failed.text).toBe('That did not work: the app is offline');
  });

  it('never last longer than five, whatever the tools answer', async () => {
    const nonsense = Array.from({ length: 12 }, (_, round) => [{ id: `x${round}`, title: `Other ${round}` }]);
    for (const say of ['mark call Anna as done', 'add milk to the note Shopping', 'delete the comment on call Anna']) {
      const { calls } = await withResults(say.includes('note') ? 'note_agent' : 'task_agent', say, nonsense);
      expect(calls.length).toBeLessThanOrEqual(5);
    }
  });

  it('do several things that one message asks for', async () => {
    const { calls } = await converse('task_agent', 'Add tasks: buy milk, call Bob and pay rent');
    expect(calls.map((call) => call.args['title'])).toEqual(['Buy milk', 'Call Bob', 'Pay rent']);
  });

  it('leave the other agents what is theirs', async () => {
    const say =
      'create a project called Garden, then add a task to buy seeds and schedule a meeting with Tom on Friday at 10';
    expect(await route(say)).toEqual(['project_agent', 'task_agent', 'calendar_agent']);
    const { calls } = await converse('task_agent', say);
    expect(calls).toEqual([{ name: 'create_task', args: { title: 'Buy seeds' } }]);
  });

  it('need no system message and no context', async () => {
    const bound = model.bindTools(toolsOf('task_agent'));
    const bare = await bound.invoke([new HumanMessage('remind me to call Anna')]);
    const broken = await bound.invoke([
      new SystemMessage('<context>{nonsense</context>'),
      new HumanMessage('remind me to call Anna'),
    ]);
    expect(bare.tool_calls?.[0]?.args).toEqual({ title: 'Call Anna' });
    expect(broken.tool_calls?.[0]?.args).toEqual({ title: 'Call Anna' });
  });
});

describe('without tools', () => {
  it('it says in plain words that it cannot write', async () => {
    const { text } = await model.invoke([new HumanMessage('Write an essay on trees')]);
    expect(text).toBe(
      'I am the built-in command reader, not a language model, so I cannot write free text. A language model can be connected with the setting LLM_PROVIDER.',
    );
  });

  it('it hands on what earlier agents found', async () => {
    const lines = 'Put these together:\ntask_agent: Created the task A.\nnote_agent: Created the note B.';
    const { text } = await model.invoke([new HumanMessage(lines)]);
    expect(text).toContain('Created the task A.');
    expect(text).toContain('Created the note B.');
    const json = JSON.stringify([{ agent: 'task_agent', response: 'Created the task A.' }]);
    expect((await model.invoke([new HumanMessage(`Put together: ${json}`)])).text).toContain('Created the task A.');
  });
});

describe('routing', () => {
  it('chooses only agents that are offered, and the task agent for what fits nobody', async () => {
    expect(await route('what is the meaning of life?')).toEqual(['task_agent']);
    expect(await route('schedule a meeting with Tom tomorrow at 10')).toEqual(['calendar_agent']);
    expect(await route('draft an email to Tom about the delay')).toEqual(['email_agent']);
    expect(await route('give me my weekly report')).toEqual(['analytics_agent']);
  });
});
