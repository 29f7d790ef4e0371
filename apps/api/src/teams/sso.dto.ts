import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsString, Length, Matches } from 'class-validator';
import type { NewSsoSettings, SsoSettings, SsoStart } from '@adiuva/teams';
import { BooleanField, EmailField, StringField } from '../edge/body/fields';

const URL_MAX = 500;
const CLIENT = { minLength: 1, maxLength: 500 };
const DOMAINS_MAX = 20;
const DOMAIN = { minLength: 1, maxLength: 255 };
/** RFC 7636, section 4: 43 characters of base64url are a SHA-256. */
const CHALLENGE = { minLength: 43, maxLength: 43, pattern: '^[A-Za-z0-9_-]{43}$' };
const VERIFIER = { minLength: 43, maxLength: 128, pattern: '^[A-Za-z0-9._~-]{43,128}$' };
const CODE = { minLength: 43, maxLength: 43, pattern: '^[A-Za-z0-9_-]{43}$' };
const STATE_MAX = 500;

export class SsoSettingsDto {
  @StringField({ format: 'uri', maxLength: URL_MAX, description: 'https, with a public address' })
  issuer!: string;

  @StringField(CLIENT)
  client_id!: string;

  @StringField({
    optional: true,
    ...CLIENT,
    description: 'Never returned. Without it, that of the same issuer and client stays',
  })
  client_secret?: string;

  @ApiProperty({ type: [String], minItems: 1, maxItems: DOMAINS_MAX, items: { type: 'string', ...DOMAIN } })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(DOMAINS_MAX)
  @IsString({ each: true })
  @Length(DOMAIN.minLength, DOMAIN.maxLength, { each: true })
  domains!: string[];

  @BooleanField({ description: 'Whether members with an address in a proved domain have no other sign-in' })
  enforce!: boolean;

  toSettings(): NewSsoSettings {
    const { issuer, domains, enforce } = this;
    return { issuer, clientId: this.client_id, clientSecret: this.client_secret, domains, enforce };
  }
}

class SsoDomainDto {
  @ApiProperty()
  domain!: string;

  @ApiProperty({ description: 'Whether the TXT record was found' })
  proved!: boolean;

  @ApiProperty({ description: 'Name of the TXT record that proves the domain' })
  txt_name!: string;

  @ApiProperty({ description: 'Its text' })
  txt_value!: string;
}

export class TeamSsoDto {
  @ApiProperty()
  issuer!: string;

  @ApiProperty()
  client_id!: string;

  @ApiProperty({ type: [SsoDomainDto] })
  domains!: SsoDomainDto[];

  @ApiProperty()
  enforce!: boolean;

  @ApiProperty({ description: 'The redirect URI that must be registered at the provider' })
  callback_url!: string;

  @ApiProperty({
    description: 'Whether the plan no longer includes single sign-on: settings stay and are not used',
  })
  locked!: boolean;

  static of({ issuer, clientId, enforce, domains, callbackUrl, locked }: SsoSettings): TeamSsoDto {
    return {
      issuer,
      client_id: clientId,
      domains: domains.map(({ domain, proved, proof }) => ({
        domain,
        proved,
        txt_name: proof.name,
        txt_value: proof.value,
      })),
      enforce,
      callback_url: callbackUrl,
      locked,
    };
  }
}

export class SsoStartQuery {
  @EmailField({ description: 'Its domain selects the provider' })
  email!: string;

  @StringField({
    maxLength: URL_MAX,
    description:
      '`http://127.0.0.1:PORT/…`, `http://[::1]:PORT/…`, `/console/sso` of this server or one of `SSO_APP_REDIRECTS`',
  })
  redirect_uri!: string;

  @ApiProperty({ ...CHALLENGE, description: 'SHA-256 of the code verifier (RFC 7636, S256)' })
  @Matches(new RegExp(CHALLENGE.pattern))
  code_challenge!: string;

  @StringField({ optional: true, maxLength: STATE_MAX, description: 'Returned to the app unchanged' })
  state?: string;

  toStart(): SsoStart {
    return { email: this.email, redirectUri: this.redirect_uri, challenge: this.code_challenge, state: this.state };
  }
}

export class ExchangeSsoCodeDto {
  @ApiProperty({ ...CODE, description: 'Of the redirect; valid for a minute, once' })
  @Matches(new RegExp(CODE.pattern))
  code!: string;

  @ApiProperty(VERIFIER)
  @Matches(new RegExp(VERIFIER.pattern))
  code_verifier!: string;

  @StringField({ optional: true, maxLength: 32, description: 'For a user who has turned on a second factor here' })
  totp?: string;
}
