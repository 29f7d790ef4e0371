import { Settings, setting } from '@adiuva/config';

const ADMIN = {
  ADMIN_MUTATIONS_ENABLED: setting.flag(
    'Whether administrators may change anything; otherwise their routes only read',
    true,
  ),
};

export class AdminConfig extends Settings('Administration', ADMIN) {}
