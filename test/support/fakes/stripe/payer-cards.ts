import type { StripeCustomer } from './objects';
import { predefinedCard } from './customer-routes';
import type { StripeWorld } from './world';

export function newCustomer(world: StripeWorld): StripeCustomer {
  const customer = world.customers.add({
    ...world.base('cus', 'customer'),
    email: 'payer@example.test',
    name: null,
    metadata: {},
    invoice_settings: { default_payment_method: null },
  });
  world.emit('customer.created', customer);
  return customer;
}

/** The card on file; a good one is put there where there is none. */
export function cardOf(world: StripeWorld, customer: string): string {
  const [known] = world.paymentMethods.where((row) => row.customer === customer);
  const card = known ?? predefinedCard(world, 'pm_card_visa');
  card.customer = customer;
  return card.id;
}
