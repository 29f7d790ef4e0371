import { AdminActionRow } from './admin-action.entity';
import { InstallRow, RatingRow } from './customer.entity';
import { PayoutRow, PurchaseRow, ReturnRow, RevenueRow } from './money.entity';
import { DeveloperRow, PluginCountRow, PluginRow, PluginVersionRow } from './plugin.entity';

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
