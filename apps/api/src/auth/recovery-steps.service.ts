import { Injectable } from '@nestjs/common';
import { AccountRecovery, type Origin } from '@adiuva/auth';
import { AuthTokensDto } from './auth.dto';
import { RecoverableKeyringDto, RecoveryChallengeDto, type RecoveryRequest } from './recovery.dto';

/** One route, three steps: which one a request is, its fields say. */
@Injectable()
export class RecoverySteps {
  constructor(private readonly recovery: AccountRecovery) {}

  async run(
    request: RecoveryRequest,
    origin: Origin,
  ): Promise<RecoveryChallengeDto | RecoverableKeyringDto | AuthTokensDto> {
    switch (request.step) {
      case 'begin':
        return RecoveryChallengeDto.of(await this.recovery.begin(request.email, origin));
      case 'read':
        return RecoverableKeyringDto.of(await this.recovery.readKeyring(request.signed, origin));
      case 'reset':
        return AuthTokensDto.of(await this.recovery.reset(request.reset, origin));
    }
  }
}
