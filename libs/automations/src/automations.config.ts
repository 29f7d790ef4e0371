import { Settings, setting } from '@adiuva/config';

const AUTOMATIONS = {
  SCHEDULE_MIN_INTERVAL_S: setting.integer('Seconds that lie between two slots of a schedule at least', 60, { min: 1 }),
  SCHEDULE_GRACE_S: setting.integer('Seconds after which a slot that did not run counts as missed', 60, { min: 1 }),
};

export class AutomationsConfig extends Settings('Automations', AUTOMATIONS) {}
