import { AdminActionRow } from './plugins/admin-action.entity';
import { InstallRow, RatingRow } from './plugins/customer.entity';
import { PayoutRow, PurchaseRow, ReturnRow, RevenueRow } from './payments/money.entity';
import { DeveloperRow, PluginCountRow, PluginRow, PluginVersionRow } from './plugins/plugin.entity';

/** Every table of the marketplace. */
export const MARKETPLACE_ENTITIES = [
  DeveloperRow,
  PluginRow,
  PluginCountRow,
  PluginVersionRow,
  InstallRow,
  RatingRow,
  PurchaseRow,
  PayoutRow,
  RevenueRow,
  ReturnRow,
  AdminActionRow,
] as const;
