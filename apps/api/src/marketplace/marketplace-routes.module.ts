import { Module } from '@nestjs/common';
import { MarketplaceModule } from '@adiuva/marketplace';
import { DeveloperController } from './developer.controller';
import { PluginAdminController } from './plugin-admin.controller';
import { PluginPackagesController } from './plugin-packages.controller';
import { PluginReviewsController } from './plugin-reviews.controller';
import { PluginsController } from './plugins.controller';
import { SubmissionsController } from './submissions.controller';

/** Controllers with fixed addresses come before the one with `plugins/:id`. */
@Module({
  imports: [MarketplaceModule],
  controllers: [
    PluginPackagesController,
    SubmissionsController,
    PluginsController,
    DeveloperController,
    PluginReviewsController,
    PluginAdminController,
  ],
})
export class MarketplaceRoutesModule {}
