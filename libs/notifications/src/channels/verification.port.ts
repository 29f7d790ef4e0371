/** Sends codes to a telephone and checks them, without that we see or keep a code. */
export abstract class PhoneVerification {
  abstract readonly configured: boolean;
  /** Throws `unprocessable` for a number that cannot be reached, `rate_limited`, `upstream_failed`. */
  abstract sendCode(kind: 'whatsapp' | 'voice', phone: string): Promise<void>;
  abstract check(phone: string, code: string): Promise<boolean>;
}
