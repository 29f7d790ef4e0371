import { Injectable } from '@nestjs/common';
import { invalidField } from '@adiuva/kernel';
import { baseUrlFault, LlmConfig } from '@adiuva/llm';
import { hasPrivateAddress, PRIVATE_ADDRESS, publicLookup } from '@adiuva/platform';

const MAX_LENGTH = 500;

/** Addresses of providers that users give. Each connection is checked again when it is made. */
@Injectable()
export class BaseUrls {
  constructor(private readonly config: LlmConfig) {}

  /** @throws `validation_failed` */
  async check(text: string): Promise<void> {
    const fault = text.length > MAX_LENGTH ? 'is too long' : (baseUrlFault(text) ?? (await this.addressFault(text)));
    if (fault !== undefined) throw invalidField('base_url', fault);
  }

  private async addressFault(text: string): Promise<string | undefined> {
    if (this.config.ALLOW_PRIVATE_PROVIDERS) return undefined;
    const url = new URL(text);
    if (url.protocol !== 'https:') return 'must begin with https://';
    return hasPrivateAddress(url) || (await leadsToPrivate(url.hostname)) ? 'must have a public address' : undefined;
  }
}

/** A name that cannot be resolved now is refused when it is called. */
function leadsToPrivate(hostname: string): Promise<boolean> {
  return new Promise((resolve) => {
    publicLookup()(hostname.replace(/^\[|\]$/g, ''), {}, (error) => resolve(error?.code === PRIVATE_ADDRESS));
  });
}
