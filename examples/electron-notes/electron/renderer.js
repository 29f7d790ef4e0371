// The window: it shows what the main process gives it. Text is set as text, never as HTML.
const byId = (id) => document.getElementById(id);

function showStatus({ error }) {
  byId('status').textContent = error ? `${error.code}: ${error.message}` : '';
}

async function call(name, value) {
  byId('status').textContent = `${name} …`;
  const answer = await window.notes.call(name, value);
  showStatus(answer);
  return answer;
}

function showLines(list, lines) {
  list.replaceChildren(...lines.map((line) => Object.assign(document.createElement('li'), { textContent: line })));
}

/** Also after an event, so it leaves the status of another call unless it fails itself. */
async function showNotes() {
  const answer = await window.notes.call('list');
  if (answer.error) return showStatus(answer);
  showLines(
    byId('list'),
    answer.value.map(({ text }) => text),
  );
}

function onSubmit(id, work) {
  byId(id).addEventListener('submit', (event) => {
    event.preventDefault();
    void work(event.target.elements.text.value);
  });
}

byId('account').addEventListener('submit', async (event) => {
  event.preventDefault();
  const { email, password } = event.target.elements;
  const name = event.submitter.value;
  const answer = await call(name, { email: email.value, password: password.value });
  if (answer.error) return;
  byId('account').hidden = true;
  byId('main').hidden = false;
  if (name === 'signUp') byId('status').textContent = `Write these words down: ${answer.value}`;
  else await showNotes();
});

onSubmit('save', async (text) => {
  const { error } = await call('save', text);
  if (!error) await showNotes();
});

onSubmit('search', async (question) => {
  const { value } = await call('search', question);
  showLines(
    byId('found'),
    (value ?? []).map(({ score, text }) => `${score.toFixed(2)}  ${text}`),
  );
});

onSubmit('ask', async (message) => {
  byId('answer').textContent = '';
  const { value } = await call('ask', message);
  if (value?.length) byId('answer').textContent += `\n${JSON.stringify(value, null, 2)}`;
});

byId('backUp').addEventListener('click', async () => {
  const { value } = await call('backUp');
  if (value) byId('status').textContent = `Backup ${value}`;
});

byId('readBackup').addEventListener('click', async () => {
  const { value } = await call('readBackup');
  if (value) byId('status').textContent = `The backup has ${value.length} notes`;
});

window.notes.on('notes', () => void showNotes());
window.notes.on('answer', (text) => (byId('answer').textContent += text));
