import { DeviceRow } from './device.entity';
import { InstallationRow } from './installation.entity';
import { KeyringRow } from './keyring.entity';
import { RefreshTokenRow, SessionRow } from './session.entity';
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
] as const;
