import type { ProposedScheduleDto, RunActionDto, RunOutputDto } from '../generated/types.gen';
import { Aead } from '../crypto/aead';
import { fromBase64, fromUtf8 } from '../crypto/bytes';
import { DecryptError } from '../crypto/decrypt-error';
import { hpkeOpen } from '../crypto/hpke';

const LABEL = 'adiuva/result/1';

/** What a run gives: a text, actions for the app to carry out and then to acknowledge, and the reminders that the coach proposes. */
export interface RunResult {
  readonly response: string;
  readonly actions: readonly RunActionDto[];
  readonly schedules: readonly ProposedScheduleDto[];
}

/** This device: as it was registered, with the private half of its key pair. */
export interface ResultDevice {
  readonly id: string;
  readonly privateKey: Uint8Array;
}

/** Opens a result that is sealed to this device, or returns a plain one. Throws `DecryptError` for one that was made before the device was registered. */
export async function openRunOutput(
  output: RunOutputDto,
  owner: { readonly userId: string; readonly runId: string },
  device: ResultDevice,
): Promise<RunResult> {
  const { sealed } = output;
  const { response = '', actions = [], schedules = [] } = output;
  if (!sealed) return { response, actions, schedules };
  const own = sealed.devices.find(({ device_id }) => device_id === device.id);
  if (!own) throw new DecryptError('result');
  const { userId, runId } = owner;
  const wrapped = fromBase64(own.wrapped_key);
  const key = await hpkeOpen(device.privateKey, wrapped, LABEL, `${userId}|${runId}|${device.id}`);
  return openBlob(key, sealed.blob, userId, runId);
}

export async function openBlob(key: Uint8Array, blob: string, userId: string, runId: string): Promise<RunResult> {
  const plain = await new Aead(key, 'result').open(fromBase64(blob), `${LABEL}|${userId}|${runId}`);
  const {
    response,
    actions,
    schedules = [],
  } = JSON.parse(fromUtf8(plain)) as Partial<RunResult> & Omit<RunResult, 'schedules'>;
  return { response, actions, schedules };
}
