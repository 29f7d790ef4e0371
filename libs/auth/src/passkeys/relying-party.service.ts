import { Injectable } from '@nestjs/common';
import { ServerConfig } from '@adiuva/config';
import { AuthConfig } from '../auth.config';

/** Who passkeys are made for (WebAuthn, section 4). */
@Injectable()
export class RelyingParty {
  readonly name = 'Adiuva';
  readonly id: string;
  readonly origins: string[];

  constructor(config: AuthConfig, server: ServerConfig) {
    this.id = config.WEBAUTHN_RP_ID ?? new URL(server.publicUrl).hostname;
    this.origins =
      config.WEBAUTHN_ORIGINS.length > 0 ? [...config.WEBAUTHN_ORIGINS] : [new URL(server.publicUrl).origin];
  }
}
