import { createDecipheriv, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { rmSync } from 'node:fs';
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { newId, type Principal } from '@adiuva/kernel';
import { Devices } from '@adiuva/auth';
import { ServerKeys } from '@adiuva/platform';
import type { SealedResult, StepOutcome } from '@adiuva/runs';
import { testDatabase, type TestDatabase } from '../support/database';
import { done, newDataDir, oneStep, RunEngine } from '../support/builders/run-engine';

const SECRET = 'the merger is called Bluebird';

describe('the result of a run', () => {
  const dataDir = newDataDir();
  let database: TestDatabase;
  let engine: RunEngine;
  let owner: Principal;
  let outcome: StepOutcome;
  beforeAll(async () => {
    database = await testDatabase();
    engine = await RunEngine.start({ url: database.url, dataDir }, () => Promise.resolve(outcome));
    await engine.work();
  });
  afterAll(async () => {
    await engine.stop();
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  beforeEach(async () => {
    owner = await engine.user();
    outcome = done(SECRET, [{ id: newId() }]);
  });

  it('opens on each enrolled device, by an HPKE of another author', async () => {
    const devices = [await enrol(), await enrol()];
    const { id, sealed } = await finish();
    expect(sealed.devices.map(({ device_id }) => device_id)).toEqual(devices.map((device) => device.id));
    for (const device of devices) expect(await open(sealed, id, device)).toMatchObject({ response: SECRET });
  });

  it('opens for a device enrolled later only when it was made after that', async () => {
    const first = await enrol();
    const before = await finish();
    const second = await enrol();
    const after = await finish();
    await expect(open(before.sealed, before.id, second)).rejects.toThrow();
    expect(await open(after.sealed, after.id, second)).toMatchObject({ response: SECRET });
    expect(await open(after.sealed, after.id, first)).toMatchObject({ response: SECRET });
  });

  it('leaves nothing behind that the server’s keys open', async () => {
    await enrol();
    const { id } = await finish();
    const [run] = await engine.database.query<{ input: Buffer | null }>('SELECT input FROM runs WHERE id = $1', [id]);
    expect(run).toEqual({ input: null });
    const steps = await engine.database.query(
      'SELECT body, input, output, journal, question, answer FROM run_steps WHERE run_id = $1',
      [id],
    );
    expect(steps).toEqual([{ body: null, input: null, output: null, journal: null, question: null, answer: null }]);
    // The data key of the user opens no byte string of the blob's form either.
    const [wrapped] = await engine.database.query<{ wrapped: Buffer }>(
      'SELECT wrapped FROM user_keys WHERE user_id = $1',
      [owner.userId],
    );
    const dataKey = engine.app.get(ServerKeys).open('user-keys', wrapped?.wrapped ?? Buffer.alloc(0), owner.userId);
    const { sealed } = await finish();
    expect(() => openBlob(sealed, id, dataKey)).toThrow();
  });

  it('is given in the clear to its owner who has no device', async () => {
    const id = await engine.start(owner, oneStep());
    await engine.until(owner, id, 'completed');
    expect(await engine.runs.output(owner, id)).toMatchObject({ output: { response: SECRET } });
  });

  it('passes over a device whose key is no point of the curve', async () => {
    await engine.app.get(Devices).register(owner, { name: 'odd', publicKey: Buffer.alloc(32), signature: null });
    const device = await enrol();
    const { id, sealed } = await finish();
    expect(sealed.devices).toHaveLength(1);
    expect(await open(sealed, id, device)).toMatchObject({ response: SECRET });
  });

  it('keeps actions until the app acknowledges them', async () => {
    await enrol();
    const actions = [{ id: newId() }, { id: newId() }];
    outcome = done(SECRET, actions);
    const { id } = await finish();
    expect(await engine.runs.acknowledge(owner, id, [actions[0]?.id ?? '', newId()])).toBe(1);
    expect(await engine.runs.acknowledge(owner, id, [actions[0]?.id ?? ''])).toBe(1);
    expect(await engine.runs.acknowledge(owner, id, [actions[1]?.id ?? ''])).toBe(0);
  });

  async function finish(): Promise<{ id: string; sealed: SealedResult }> {
    const id = await engine.start(owner, oneStep({ instructions: SECRET }), { input: SECRET });
    await engine.until(owner, id, 'completed');
    const result = await engine.runs.output(owner, id);
    if (!('sealed' in result)) throw new Error('the result is not sealed');
    return { id, sealed: result.sealed };
  }

  async function enrol(): Promise<{ id: string; privateKey: KeyObject }> {
    const { publicKey, privateKey } = generateKeyPairSync('x25519');
    const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
    const { id } = await engine.app.get(Devices).register(owner, { name: 'fixture', publicKey: raw, signature: null });
    return { id, privateKey };
  }

  async function open(
    sealed: SealedResult,
    runId: string,
    device: { id: string; privateKey: KeyObject },
  ): Promise<unknown> {
    const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
    const text = sealed.devices.find(({ device_id }) => device_id === device.id)?.wrapped_key;
    if (text === undefined) throw new Error('nothing is sealed to this device');
    const wrapped = Buffer.from(text, 'base64');
    const secret = Buffer.from(device.privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
    const info = new Uint8Array(Buffer.from('adiuva/result/1')).buffer;
    const recipientKey = await suite.kem.importKey('raw', new Uint8Array(secret).buffer, false);
    const enc = new Uint8Array(wrapped.subarray(0, 32)).buffer;
    const recipient = await suite.createRecipientContext({ recipientKey, enc, info });
    const associated = new Uint8Array(Buffer.from(`${owner.userId}|${runId}|${device.id}`)).buffer;
    return openBlob(
      sealed,
      runId,
      Buffer.from(await recipient.open(new Uint8Array(wrapped.subarray(32)).buffer, associated)),
    );
  }

  function openBlob({ blob }: SealedResult, runId: string, key: Buffer): unknown {
    const bytes = Buffer.from(blob, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 13));
    decipher.setAAD(Buffer.from(`adiuva/result/1|${owner.userId}|${runId}`)).setAuthTag(bytes.subarray(-16));
    return JSON.parse(decipher.update(bytes.subarray(13, -16)).toString() + decipher.final().toString());
  }
});
