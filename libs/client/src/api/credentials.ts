export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** Of the Turnstile widget, where the server asks for it. */
  readonly turnstileToken?: string;
}

export interface SignUp extends Credentials {
  readonly name?: string;
}

export interface SignIn extends Credentials {
  /**
   * The account was made with a plain password (`npm run admin -- create`): it is sent to the server once, and the account then gets keys
   * and a derived secret in its place. Never set it otherwise: a dishonest server would learn the password.
   */
  readonly plainPassword?: boolean;
  /** A code of the authenticator app or a recovery code, after `ApiProblem` `totp_required`. */
  readonly totp?: string;
}

/** What a sign-in may need beside address and password. */
export type SignInProof = Pick<SignIn, 'totp' | 'turnstileToken'>;

export interface Recovery {
  readonly email: string;
  readonly words: string;
  readonly newPassword: string;
}
