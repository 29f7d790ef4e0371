const ID = '018f6f8e-7c00-7000-8000-000000000001';
const BLOB = 'Y2lwaGVydGV4dCBvZiB0aGUgY2xpZW50';
const CHECKSUM = '0d106d56db89cf7e9edc54be3be7b06993d3b0e4dcba61e8a076f0f3746a0b2a';
const PASSWORD = 'a long walk by the sea';
const RETENTION = { keep_last: 7, keep_daily: 7, keep_weekly: 4, keep_monthly: 12 };

/** A JSON body for each operation that takes one, by operation id. A test sends each as it stands to a running server. */
export const REQUEST_EXAMPLES: Readonly<Record<string, unknown>> = {
  register: { email: 'anna@example.org', password: PASSWORD, name: 'Anna' },
  login: { email: 'anna@example.org', password: PASSWORD },
  refreshTokens: { refresh_token: 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY' },
  logout: { refresh_token: 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY' },
  verifyEmail: { token: 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY' },
  changeEmail: { email: 'anna.rossi@example.org', password: PASSWORD },
  forgetPassword: { email: 'anna@example.org' },
  resetPassword: { token: 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY', new_password: 'a longer walk by the lake' },
  confirmTotp: { code: '123456' },
  disableTotp: { password: PASSWORD, code: '123456' },
  recoverAccount: { email: 'anna@example.org' },
  changePassword: { current_password: PASSWORD, new_password: 'a longer walk by the lake' },
  deleteAccount: { password: PASSWORD },
  putKeyring: { keyring: BLOB },
  registerDevice: { name: 'Laptop', public_key: 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=' },
  sendChat: {
    message: 'archive project Atlas',
    context: { user_profile: { timezone: 'Europe/Rome', projects: [{ id: 'p1', name: 'Atlas' }] } },
  },
  continueChat: {
    continuation: 'c2VhbGVk',
    tool_results: [{ call_id: 'call_1', result: [{ id: 't1', title: 'Milk' }] }],
  },
  runPlanStep: { prompt_template: 'summarize', variables: { text: 'The meeting was moved to Friday.' } },
  createGoal: {
    title: 'Weekly report',
    instructions: 'Summarise what was done this week and what is due next week',
    agent: 'analytics_agent',
    schedules: [{ kind: 'cron', expression: '0 9 * * 1', timezone: 'Europe/Berlin' }],
  },
  updateGoal: { status: 'paused' },
  runGoal: { input: { tasks: [{ id: ID, title: 'Call Anna', status: 'todo' }] } },
  createDag: {
    title: 'Weekly review',
    params: { focus: 'late tasks' },
    nodes: [
      { id: 'tasks', tool: 'list_tasks', arguments: {} },
      {
        id: 'review',
        agent: 'note_agent',
        instructions: 'Write a note that reviews these tasks with a focus on {{params.focus}}: {{tasks.output}}',
        depends_on: ['tasks'],
      },
    ],
  },
  updateDag: { title: 'Review of the week', status: 'archived' },
  executeDag: { dag_id: ID, params: { focus: 'what comes next' } },
  resumeDag: { from_node: 'review' },
  previewSchedule: {
    kind: 'rrule',
    expression: 'FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0',
    timezone: 'Europe/Berlin',
    count: 3,
  },
  acknowledgeRunActions: { action_ids: [ID] },
  resumeRun: { answer: 'Yes, for Friday.' },
  generateImage: { prompt: 'A harbour at dawn', size: '1024x1024' },
  synthesizeSpeech: { text: 'Good morning, Anna.', voice: 'alloy', format: 'mp3' },
  createCheckout: { tier: 'team', seats: 3 },
  receiveStripeEvent: { id: 'evt_1', object: 'event', type: 'invoice.paid', data: { object: { id: 'in_1' } } },
  createRecord: { table: 'notes', blob: BLOB, checksum: CHECKSUM },
  replaceRecord: { blob: BLOB, checksum: CHECKSUM },
  readRecords: { ids: [ID] },
  batchRecords: {
    operations: [
      { op: 'create', table: 'notes', blob: BLOB, checksum: CHECKSUM },
      { op: 'delete', id: ID },
    ],
  },
  putCollection: { mode: 'local' },
  upsertVectors: { vectors: [{ id: 'note-1', blob: BLOB, checksum: CHECKSUM }] },
  searchVectors: { query_blob: BLOB, top_k: 5 },
  deleteVectors: { ids: ['note-1'] },
  installPlugin: { version: '1.0.0' },
  ratePlugin: { stars: 5, text: 'Saves me an hour a week.' },
  decideReview: { decision: 'reject', notes: 'The manifest asks for permissions that the code does not use.' },
  unlistPlugin: { version: '1.0.0' },
  runPayouts: { period: '2026-10' },
  beginUpload: {
    version: 1,
    timestamp: 1_767_225_600_000,
    checksum: CHECKSUM,
    size_bytes: 10_485_760,
    chunk_size: 5_242_880,
  },
  putRetention: RETENTION,
  previewRetention: RETENTION,
  deleteBackup: {},
};
