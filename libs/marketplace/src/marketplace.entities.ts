import { PayoutRow } from './payments/payout.entity';
import { PurchaseRow } from './payments/purchase.entity';
import { ReturnRow } from './payments/return.entity';
import { RevenueRow } from './payments/revenue.entity';
import { DeveloperRow } from './plugins/developer.entity';
import { InstallRow } from './plugins/install.entity';
import { PluginCountRow } from './plugins/plugin-count.entity';
import { PluginVersionRow } from './plugins/plugin-version.entity';
import { PluginRow } from './plugins/plugin.entity';
import { RatingRow } from './plugins/rating.entity';

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
] as const;
