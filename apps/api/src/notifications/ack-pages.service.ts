import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { mailLanguage } from '@adiuva/mail';
import { Acknowledgements, AckTokens } from '@adiuva/notifications';
import type { EdgeRequest, EdgeResponse } from '../edge/principal';
import { ACK_PAGE_POLICY, ackPage, type AckPageState } from './ack-page';

/** The page behind the link of a mail or push. */
@Injectable()
export class AckPages {
  constructor(
    private readonly tokens: AckTokens,
    private readonly acknowledgements: Acknowledgements,
  ) {}

  /** Mail scanners follow links, so showing the page changes nothing. */
  async show(token: string, request: EdgeRequest, response: EdgeResponse): Promise<void> {
    await this.answer(request, response, 'ask', () => void this.tokens.verify(token));
  }

  async acknowledge(token: string, request: EdgeRequest, response: EdgeResponse): Promise<void> {
    await this.answer(request, response, 'done', () =>
      this.acknowledgements.acknowledgeLinked(this.tokens.verify(token)),
    );
  }

  private async answer(
    request: EdgeRequest,
    response: EdgeResponse,
    state: AckPageState,
    work: () => void | Promise<void>,
  ): Promise<void> {
    let shown = state;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'not_found') throw error;
      shown = 'gone';
    }
    response.setHeader('Content-Security-Policy', ACK_PAGE_POLICY);
    response.status(shown === 'gone' ? 404 : 200).type('html');
    response.send(ackPage(mailLanguage(request.headers['accept-language']), shown));
  }
}
