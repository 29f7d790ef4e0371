/** Where a page of the payment provider leads to. */
export interface ReturnUrls {
  /** After it was completed. */
  readonly success: string;
  /** After it was left; of an onboarding page, when it has expired. */
  readonly cancel: string;
}

/** The server's own pages, for where no other address is configured. */
export function returnPages(publicUrl: string) {
  const at = (name: string): string => `${publicUrl.replace(/\/+$/, '')}/returned/${name}`;
  return {
    payment: { success: at('paid'), cancel: at('not-paid') },
    portal: at('portal'),
    onboarding: { success: at('onboarded'), cancel: at('onboarding-expired') },
  } as const;
}
