import { Settings, setting } from '@adiuva/config';

const ADMIN = {
  ADMIN_MUTATIONS_ENABLED: setting.flag(
    'Whether administrators may change anything; otherwise their routes only read',
    true,
  ),
  DEV_ADMIN_ENABLED: setting.flag('Whether DEV_ADMIN_EMAIL is an administrator; never in production', false),
  DEV_ADMIN_EMAIL: setting.optionalText('Address of the account that is an administrator during development'),
  DEV_ADMIN_EXPIRES_AT: setting.optionalText('Until when, such as 2027-01-31T12:00:00Z'),
};

export class AdminConfig extends Settings('Administration', ADMIN, (values, production) => {
  if (!values.DEV_ADMIN_ENABLED) return [];
  return [
    ...(production ? ['DEV_ADMIN_ENABLED: must not be set in production'] : []),
    ...(values.DEV_ADMIN_EMAIL === undefined ? ['DEV_ADMIN_EMAIL: is needed with DEV_ADMIN_ENABLED'] : []),
    ...(Number.isNaN(Date.parse(values.DEV_ADMIN_EXPIRES_AT ?? ''))
      ? ['DEV_ADMIN_EXPIRES_AT: must be a time in ISO 8601, with DEV_ADMIN_ENABLED']
      : []),
  ];
}) {}
