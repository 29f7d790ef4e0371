import { randomBytes } from 'node:crypto';
import { DnsServer } from '../support/fakes/dns-server';
import { FakeMedia } from '../support/fakes/fake-media';
import { FakeTwilio } from '../support/fakes/fake-twilio';
import { FakeOpenAi } from '../support/fakes/models/fake-openai';
import { settingsFor, stripeWithPrices, WEBHOOK_SECRET } from '../support/builders/stripe-life';
import { OpenIdProviderProcess } from '../support/processes/openid-providers';

export const PUBLIC_URL = 'https://adiuva.example';
export const HMAC_SECRET = 'of the gateway, 0123456789abcdef0123';

/** The services of other companies that the fuzzed server calls, on local ports. */
export class World {
  readonly stripe = stripeWithPrices();

  private constructor(
    private readonly media: FakeMedia,
    private readonly mediaUrl: string,
    readonly twilio: FakeTwilio,
    readonly model: FakeOpenAi,
    readonly dns: DnsServer,
    readonly identity: OpenIdProviderProcess,
  ) {}

  static async start(): Promise<World> {
    const media = new FakeMedia();
    const [mediaUrl, twilio, model, dns, identity] = await Promise.all([
      media.start(),
      FakeTwilio.start(),
      FakeOpenAi.start(),
      DnsServer.start(),
      OpenIdProviderProcess.start(`${PUBLIC_URL}/api/v1/auth/sso/callback`),
    ]);
    const world = new World(media, mediaUrl, twilio, model, dns, identity);
    await world.stripe.start();
    return world;
  }

  /** For the environment of the server. The assistant is the offline one; a model is asked only with the key of a user. */
  get settings(): Record<string, string> {
    return {
      PUBLIC_URL,
      LLM_PROVIDER: 'offline',
      OPENAI_API_KEY: 'sk-test',
      OPENAI_BASE_URL: this.mediaUrl,
      AI_IMAGE_ENABLED: 'true',
      AI_AUDIO_ENABLED: 'true',
      ALLOW_PRIVATE_PROVIDERS: 'true',
      AGENT_JWT_SECRET: randomBytes(32).toString('hex'),
      BACKEND_HMAC_SECRET: HMAC_SECRET,
      SSO_PRIVATE_HOSTS: this.identity.issuers.map((issuer) => new URL(issuer).host).join(),
      SSO_DNS_SERVERS: this.dns.address,
      ...settingsFor(this.stripe),
      ...this.twilio.settings,
    };
  }

  /** Delivers what happens at Stripe to the server. */
  connect(port: number): void {
    const url = `http://127.0.0.1:${port}/api/v1/billing/webhook`;
    for (const connect of [false, true]) this.stripe.webhooks.addEndpoint({ url, secret: WEBHOOK_SECRET, connect });
    this.stripe.webhooks.manner = 'prompt';
  }

  async stop(): Promise<void> {
    this.stripe.webhooks.manner = 'held';
    await Promise.all([
      this.stripe.stop(),
      this.twilio.stop(),
      this.media.stop(),
      this.model.stop(),
      this.dns.stop(),
      this.identity.stop(),
    ]);
  }
}
