import { Module } from '@nestjs/common';
import { BillingModule } from '@adiuva/billing';
import { provideSettings } from '@adiuva/config';
import { AdminLog } from './admin-log.service';
import { Catalogue } from './catalogue.service';
import { Developers } from './developers.service';
import { Downloads } from './downloads.service';
import { EarningsBook } from './earnings.service';
import { InstallBook } from './install-book.service';
import { Installs } from './installs.service';
import { Listings } from './listings.service';
import { MarketplaceConfig } from './marketplace.config';
import { MarketplaceEraser } from './marketplace-eraser.service';
import { MarketplaceJobs } from './marketplace.job';
import { Names } from './names.service';
import { OwnPlugins } from './own-plugins.service';
import { Packages } from './packages.service';
import { PayoutDesk } from './payout-desk.service';
import { Payouts } from './payouts.service';
import { Purchases } from './purchases.service';
import { PurchaseRows } from './purchases.store';
import { Ratings } from './ratings.service';
import { ReviewNotes } from './review-notes.service';
import { ReviewDesk } from './review-desk.service';
import { Reviews } from './reviews.service';
import { SaleNews } from './sale-news.service';
import { SalesBook } from './sales-book.service';
import { StoreKeys } from './store-keys.service';
import { Submissions } from './submissions.service';

const FACE = [
  AdminLog,
  Catalogue,
  Developers,
  Downloads,
  EarningsBook,
  Installs,
  Listings,
  MarketplaceEraser,
  MarketplaceJobs,
  OwnPlugins,
  PayoutDesk,
  Payouts,
  Ratings,
  Reviews,
  SalesBook,
  StoreKeys,
  Submissions,
  Packages,
];

@Module({
  imports: [BillingModule],
  providers: [
    provideSettings(MarketplaceConfig),
    InstallBook,
    Names,
    PurchaseRows,
    Purchases,
    ReviewDesk,
    ReviewNotes,
    SaleNews,
    ...FACE,
  ],
  exports: [MarketplaceConfig, ...FACE],
})
export class MarketplaceModule {}
