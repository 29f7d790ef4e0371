import { DeviceRow } from './device.entity';
import { InstallationRow } from './installation.entity';
import { KeyringRow } from './keyring.entity';
import { PasskeyRow, SpentPasskeyChallengeRow } from './passkeys/passkey.entity';
import { RefreshTokenRow, SessionRow } from './session.entity';
import { AccountTokenRow } from './mail-links/account-token.entity';
import { TotpRecoveryCodeRow, TotpSecretRow } from './factors/totp.entity';
import { KnownAddressRow, UserKeyRow, UserRow } from './user.entity';

export const AUTH_ENTITIES = [
  InstallationRow,
  UserRow,
  UserKeyRow,
  KnownAddressRow,
  SessionRow,
  RefreshTokenRow,
  KeyringRow,
  DeviceRow,
  AccountTokenRow,
  PasskeyRow,
  SpentPasskeyChallengeRow,
  TotpSecretRow,
  TotpRecoveryCodeRow,
] as const;
