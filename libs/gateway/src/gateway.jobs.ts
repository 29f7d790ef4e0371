import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { jobHandler, jobKind, type JobHandler } from '@adiuva/platform';
import { SignedRequests } from './signed-requests.service';

@Injectable()
export class GatewayJobs {
  readonly handlers: readonly JobHandler[];

  constructor(requests: SignedRequests) {
    this.handlers = [jobHandler(jobKind('sweep_gateway_nonces', z.unknown()), () => requests.sweep(), '*/10 * * * *')];
  }
}
