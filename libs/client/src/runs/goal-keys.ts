import type { GoalDto, NewGoalDto, RunOutputDto, StepDto } from '../generated/types.gen';
import { Aead } from '../crypto/aead';
import { fromBase64, fromUtf8, toBase64, toHex, utf8, type Bytes } from '../crypto/bytes';
import { DecryptError } from '../crypto/decrypt-error';
import { derive } from '../crypto/derive';
import type { Vault } from '../crypto/vault';
import { openBlob, type RunResult } from './run-results';

/** What a goal says, in the clear. */
export interface GoalContent {
  readonly title: string;
  readonly instructions: string;
  readonly input?: Readonly<Record<string, unknown>>;
}

type SealedGoal = Pick<NewGoalDto, 'title' | 'instructions' | 'input' | 'custody'>;

/**
 * Encrypts goals so that the server reads them only while a device lends their key. Each goal has a key of its own, derived from the
 * account key and the ciphertext of its title, so every device of the account can lend it and open what comes back. Titles have another
 * key, which is never lent.
 */
export class GoalKeys {
  private readonly root: Bytes;
  private readonly titles: Aead;

  constructor(private readonly vault: Vault) {
    this.root = vault.key('goals');
    this.titles = new Aead(derive(this.root, 'adiuva/goal-titles/1'), 'goal');
  }

  /** What `goals.create` and `goals.change` take: a change of one member encrypts all. */
  async seal({ title, instructions, input = {} }: GoalContent): Promise<SealedGoal> {
    const sealedTitle = await this.titles.seal(utf8(title), this.place('title'));
    const aead = new Aead(this.keyOf(sealedTitle), 'goal');
    const member = async (name: string, text: string) => ({
      ciphertext: toBase64(await aead.seal(utf8(text), this.place(name))),
    });
    return {
      custody: 'device',
      title: { ciphertext: toBase64(sealedTitle) },
      instructions: await member('instructions', instructions),
      input: await member('input', JSON.stringify(input)),
    };
  }

  /** Throws `DecryptError` for a goal of another account, or one that is not encrypted. */
  async open(goal: Pick<GoalDto, 'title' | 'instructions' | 'input'>): Promise<GoalContent> {
    const aead = new Aead(this.key(goal.title), 'goal');
    const open = async (key: Aead, name: string, value: unknown): Promise<string> =>
      fromUtf8(await key.open(ciphertextOf(value), this.place(name)));
    return {
      title: await open(this.titles, 'title', goal.title),
      instructions: await open(aead, 'instructions', goal.instructions),
      input: Object.keys(goal.input).length === 0 ? {} : jsonObject(await open(aead, 'input', goal.input)),
    };
  }

  /** The key to lend to a run, from the title of its goal. */
  key(title: unknown): Bytes {
    return this.keyOf(ciphertextOf(title));
  }

  /** The key of a run, from its steps while it waits for the key. */
  keyOfRun([step]: readonly StepDto[]): Bytes {
    return this.key(step?.input?.['title']);
  }

  /** A result of a user without devices, which is encrypted under the key of the goal. */
  async openResult(runId: string, { sealed }: RunOutputDto, title: unknown): Promise<RunResult> {
    if (!sealed) throw new DecryptError('result');
    return openBlob(this.key(title), sealed.blob, this.vault.userId, runId);
  }

  private keyOf(sealedTitle: Uint8Array): Bytes {
    return derive(this.root, `adiuva/goal-key/1/${toHex(sealedTitle)}`);
  }

  private place(member: string): string {
    return `adiuva/goal/1|${this.vault.userId}|${member}`;
  }
}

function ciphertextOf(value: unknown): Bytes {
  if (typeof value !== 'object' || value === null || !('ciphertext' in value) || typeof value.ciphertext !== 'string')
    throw new DecryptError('goal');
  return fromBase64(value.ciphertext);
}

function jsonObject(text: string): Record<string, unknown> {
  const parsed: unknown = JSON.parse(text);
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
}
