import { Module } from '@nestjs/common';
import { AuthModule } from '@adiuva/auth';
import { BillingModule } from '@adiuva/billing';
import { ExportStores, Exports } from './exports.service';

/** What requests need; the job is part of the worker, which knows the sources. */
@Module({ imports: [AuthModule, BillingModule], providers: [Exports, ExportStores], exports: [Exports, ExportStores] })
export class ExportsModule {}
