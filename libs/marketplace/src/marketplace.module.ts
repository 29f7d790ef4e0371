import { Module } from '@nestjs/common';
import { AuthModule } from '@adiuva/auth';
import { BillingModule } from '@adiuva/billing';
import { provideSettings } from '@adiuva/config';
import { AuditLog } from './plugins/audit-log.service';
import { CustomerRecords } from './catalogue/customer-records.service';
import { Catalogue } from './catalogue/catalogue.service';
import { Developers } from './payments/developers.service';
import { Downloads } from './installs/downloads.service';
import { EarningsReport } from './payments/earnings.service';
import { InstallationStore } from './plugins/installations.store';
import { InspectionThreads } from './packages/inspection-threads.adapter';
import { Installs } from './installs/installs.service';
import { Listings } from './catalogue/listings.service';
import { MarketplaceConfig } from './marketplace.config';
import { MarketplaceErasure } from './marketplace.erasure';
import { MarketplaceJobs } from './marketplace.jobs';
import { PluginNameCheck } from './submissions/plugin-name-check.service';
import { AuthorPlugins } from './catalogue/author-plugins.service';
import { PackageOrphans } from './packages/package-orphans.service';
import { Packages } from './packages/packages.service';
import { Payouts } from './payments/payouts.service';
import { Purchases } from './payments/purchases.service';
import { PurchaseStore } from './payments/purchases.store';
import { Ratings } from './catalogue/ratings.service';
import { SealedTexts } from './plugins/sealed-text.service';
import { ReviewTransitions } from './reviews/review-transitions.service';
import { Reviews } from './reviews/reviews.service';
import { PaymentEventListener } from './payments/payment-event-listener.service';
import { SalesLedger } from './payments/sales-ledger.service';
import { SigningKeys } from './packages/signing-keys.service';
import { Submissions } from './submissions/submissions.service';

const FACE = [
  Catalogue,
  CustomerRecords,
  Developers,
  Downloads,
  EarningsReport,
  Installs,
  Listings,
  MarketplaceErasure,
  MarketplaceJobs,
  AuthorPlugins,
  Payouts,
  Ratings,
  Reviews,
  SalesLedger,
  SigningKeys,
  Submissions,
  PackageOrphans,
  Packages,
];

@Module({
  imports: [AuthModule, BillingModule],
  providers: [
    provideSettings(MarketplaceConfig),
    InspectionThreads,
    InstallationStore,
    PluginNameCheck,
    PurchaseStore,
    Purchases,
    AuditLog,
    ReviewTransitions,
    SealedTexts,
    PaymentEventListener,
    ...FACE,
  ],
  exports: [MarketplaceConfig, ...FACE],
})
export class MarketplaceModule {}
