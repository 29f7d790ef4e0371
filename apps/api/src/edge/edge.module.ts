import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { AuthModule } from '@adiuva/auth';
import { BillingModule } from '@adiuva/billing';
import { provideSettings } from '@adiuva/config';
import { AdminGuard } from './admin.guard';
import { CallerLookup } from './caller-lookup.service';
import { IdempotencyInterceptor } from './idempotency.interceptor';
import { JsonBodyGuard } from './json-body.guard';
import { JwtGuard } from './jwt.guard';
import { JwtStrategy } from './jwt.strategy';
import { ProblemFilter } from './problem.filter';
import { PromptLeakInterceptor } from './prompt-leak.interceptor';
import { RateLimitConfig } from './rate-limit.config';
import { RateLimitGuard } from './rate-limit.guard';
import { Replays } from './replays.service';
import { TierGuard } from './tier.guard';
import { DtoPipe } from './validation.pipe';

/** What every request passes, in this order; the request id comes before it, as a middleware. */
@Global()
@Module({
  imports: [PassportModule, AuthModule, BillingModule],
  providers: [
    provideSettings(RateLimitConfig),
    CallerLookup,
    JwtStrategy,
    RateLimitGuard,
    Replays,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_GUARD, useClass: JwtGuard },
    { provide: APP_GUARD, useExisting: RateLimitGuard },
    { provide: APP_GUARD, useClass: TierGuard },
    { provide: APP_GUARD, useClass: AdminGuard },
    { provide: APP_GUARD, useClass: JsonBodyGuard },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
    { provide: APP_INTERCEPTOR, useClass: PromptLeakInterceptor },
    { provide: APP_PIPE, useClass: DtoPipe },
  ],
  exports: [CallerLookup, RateLimitGuard, RateLimitConfig, Replays],
})
export class EdgeModule {}
