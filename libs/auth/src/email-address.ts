/** The one spelling under which an address is known. */
export function normalEmail(email: string): string {
  return email.trim().normalize('NFKC').toLowerCase();
}
