import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { Submissions, type Submission } from '@adiuva/marketplace';
import type { EdgeRequest, EdgeResponse } from '../edge/principal';
import { IdempotentResponses } from '../edge/http/idempotent-responses.service';
import { readSubmission } from './submission-body';

/**
 * Reads a submission into `request.body`. Only then an idempotent repetition can be detected, because the parts decide, not the boundary. A
 * package whose submission does not start is deleted.
 */
@Injectable()
export class SubmissionInterceptor implements NestInterceptor {
  constructor(
    private readonly submissions: Submissions,
    private readonly idempotentResponses: IdempotentResponses,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<EdgeRequest>();
    const submission = await readSubmission(request, this.submissions);
    request.body = submission;
    let begun = false;
    const work = { handle: () => ((begun = true), next.handle()) };
    try {
      return await this.idempotentResponses.once(
        request,
        http.getResponse<EdgeResponse>(),
        contentOf(submission),
        work,
        'atomic',
      );
    } finally {
      if (!begun) await this.submissions.forget(submission.package).catch(() => undefined);
    }
  }
}

function contentOf({ manifest, checksum, package: { sha256, size } }: Submission): unknown {
  return [manifest, checksum ?? null, sha256, size];
}
