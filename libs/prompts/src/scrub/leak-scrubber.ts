import { setImmediate } from 'node:timers/promises';
import { Problem, type ProblemOptions } from '@adiuva/kernel';
import { failClosed } from './fail-closed';
import type { PromptRegistry } from '../prompt-registry';
import { UserTexts } from '../detect/user-texts';
import { indexOf, type SecretIndex } from '../detect/fingerprint-index';
import { LeakDetector, type LeakHit } from '../detect/leak-detector';
import { StreamScrubber } from './stream-scrubber';
import { JsonScrubber } from './json-scrubber';
import { OutputScrubber } from './output-scrubber';

export interface ScrubberOptions {
  readonly onHit?: (hit: LeakHit) => void;
}

export interface Scrubbed<T> {
  readonly value: T;
  readonly leaked: boolean;
}

/** Texts that the user sent in this request: strings, or a `UserTexts` that many calls share and that may grow. */
export type UserInput = UserTexts | readonly string[];

/** UTF-16 units that are read between two turns of the event loop: some milliseconds. */
const SLICE = 4_096;

/** Removes prompts from output. Fails closed: 502 `upstream_failed`, and nothing leaves. */
export class LeakScrubber {
  private index: SecretIndex | undefined;
  private indexed = -1;

  constructor(
    private readonly registry: PromptRegistry,
    private readonly options: ScrubberOptions = {},
  ) {}

  /** Makes the fingerprints now rather than at the first answer; worth calling once when all prompts are defined. */
  warm(): void {
    this.fingerprints();
  }

  /** Every string, key and number of a JSON value, read as one text; an untouched value is returned as it is. */
  value<T>(json: T, input: UserInput = []): Scrubbed<T> {
    return failClosed(() => {
      const scrub = this.scrubOf(json, input);
      while (!scrub.advance(SLICE));
      return this.finished(scrub);
    });
  }

  /** Like `value`, in slices between which the event loop runs. */
  async valueAsync<T>(json: T, input: UserInput = []): Promise<Scrubbed<T>> {
    const scrub = failClosed(() => this.scrubOf(json, input));
    while (!failClosed(() => scrub.advance(SLICE))) await setImmediate();
    return failClosed(() => this.finished(scrub));
  }

  /** Whether a value has no leak for any caller; reports no hit. */
  async isClean(json: unknown): Promise<boolean> {
    const scrub = failClosed(() => this.scrubOf(json, []));
    while (!failClosed(() => scrub.advance(SLICE))) await setImmediate();
    return scrub.hits.length === 0;
  }

  /** The same problem, or one without the leaks in its detail, members and errors. Never throws: a failure closes here too. */
  problem(problem: Problem, input: UserInput = []): Problem {
    const { detail, members, errors, ...others } = problem.options;
    try {
      const { value, leaked } = this.value({ detail, members, errors }, input);
      return leaked ? new Problem(problem.code, { ...others, ...given(value) }) : problem;
    } catch {
      return new Problem('upstream_failed', { cause: problem });
    }
  }

  /** For all output of one chat. */
  output(userTexts: UserTexts): OutputScrubber {
    return failClosed(() => new OutputScrubber(this.fingerprints(), userTexts, (hit) => this.options.onHit?.(hit)));
  }

  stream(input: UserInput = []): StreamScrubber {
    return failClosed(() => new StreamScrubber(this.scanner(toUserTexts(input)), (hit) => this.options.onHit?.(hit)));
  }

  private scrubOf<T>(json: T, input: UserInput): JsonScrubber<T> {
    const userTexts = toUserTexts(input);
    return new JsonScrubber(json, () => this.scanner(userTexts));
  }

  private finished<T>(scrub: JsonScrubber<T>): Scrubbed<T> {
    for (const hit of scrub.hits) this.options.onHit?.(hit);
    return scrub.result;
  }

  private scanner(userTexts: UserTexts): LeakDetector {
    return new LeakDetector(this.fingerprints(), userTexts);
  }

  private fingerprints(): SecretIndex {
    const { secrets, allowed } = this.registry;
    const state = secrets.length + allowed.length;
    if (this.index === undefined || this.indexed !== state) this.index = indexOf(secrets, allowed);
    this.indexed = state;
    return this.index;
  }
}

function toUserTexts(input: UserInput): UserTexts {
  return input instanceof UserTexts ? input : new UserTexts(input);
}

type Words = Pick<ProblemOptions, 'detail' | 'members' | 'errors'>;

/** Without the members that are `undefined`. */
function given({ detail, members, errors }: { [K in keyof Words]: Words[K] | undefined }): Words {
  return {
    ...(detail === undefined ? {} : { detail }),
    ...(members ? { members } : {}),
    ...(errors ? { errors } : {}),
  };
}
