import { Module } from '@nestjs/common';
import { provideSettings } from '@adiuva/config';
import { AccessTokens } from './access-tokens.service';
import { Accounts } from './accounts.service';
import { AuthConfig } from './auth.config';
import { Devices } from './devices.service';
import { Keyrings } from './keyrings.service';
import { PasswordHasher } from './password-hasher.adapter';
import { PreLogin } from './pre-login.service';
import { Principals } from './principals.service';
import { Sessions } from './sessions.service';
import { SignInLimits } from './sign-in-limits.service';
import { UserVault } from './user-vault.service';

const SERVICES = [AccessTokens, Accounts, Devices, Keyrings, PreLogin, Principals, Sessions, SignInLimits, UserVault];

@Module({ providers: [provideSettings(AuthConfig), PasswordHasher, ...SERVICES], exports: [AuthConfig, ...SERVICES] })
export class AuthModule {}
