import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { AuthModule } from '@adiuva/auth';
import { BillingModule } from '@adiuva/billing';
import { provideSettings } from '@adiuva/config';
import { AdminConfig } from './auth/admin.config';
import { BotCheckConfig } from './limits/bot-check.config';
import { BotCheckGuard } from './limits/bot-check.guard';
import { DevelopmentAdmin } from './auth/development-admin.service';
import { AdminGuard } from './auth/admin.guard';
import { CallerLookup } from './auth/caller-lookup.service';
import { EdgeInterceptor } from './edge.interceptor';
import { IdempotencyInterceptor } from './http/idempotency.interceptor';
import { JsonBudget } from './body/json-budget.service';
import { JsonBodyGuard } from './body/json-body.guard';
import { JwtGuard } from './auth/jwt.guard';
import { JwtStrategy } from './auth/jwt.strategy';
import { ProblemFilter } from './http/problem.filter';
import { PromptLeakInterceptor } from './leaks/prompt-leak.interceptor';
import { RateLimitConfig } from './limits/rate-limit.config';
import { RateLimitGuard } from './limits/rate-limit.guard';
import { IdempotentResponses } from './http/idempotent-responses.service';
import { SyncBudget } from './limits/sync-budget.service';
import { TierGuard } from './auth/tier.guard';
import { VerifiedEmailGuard } from './auth/verified-email.guard';
import { DtoPipe } from './body/validation.pipe';

/** What every request passes, in this order; the request id comes before it, as a middleware. */
@Global()
@Module({
  imports: [PassportModule, AuthModule, BillingModule],
  providers: [
    provideSettings(AdminConfig),
    provideSettings(BotCheckConfig),
    provideSettings(RateLimitConfig),
    CallerLookup,
    DevelopmentAdmin,
    JwtStrategy,
    RateLimitGuard,
    SyncBudget,
    IdempotencyInterceptor,
    IdempotentResponses,
    JsonBudget,
    PromptLeakInterceptor,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_GUARD, useClass: JwtGuard },
    { provide: APP_GUARD, useExisting: RateLimitGuard },
    { provide: APP_GUARD, useClass: TierGuard },
    { provide: APP_GUARD, useClass: VerifiedEmailGuard },
    { provide: APP_GUARD, useClass: AdminGuard },
    { provide: APP_GUARD, useClass: JsonBodyGuard },
    { provide: APP_GUARD, useClass: BotCheckGuard },
    { provide: APP_INTERCEPTOR, useClass: EdgeInterceptor },
    { provide: APP_PIPE, useClass: DtoPipe },
  ],
  exports: [CallerLookup, JsonBudget, RateLimitGuard, RateLimitConfig, IdempotentResponses],
})
export class EdgeModule {}
