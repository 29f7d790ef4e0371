import { newId } from '@adiuva/kernel';
import { MarketplacePayments } from '@adiuva/billing';
import { Environment } from '@adiuva/config';
import { parsePeriod, Payouts } from '@adiuva/marketplace';
import { createApplication } from '../../../apps/api/src/application';

/** When the process dies: right before the provider is asked for a transfer, or right after it has made one. */
export type Moment = 'before' | 'after';

/** A server that runs the payouts of a month and is killed in the middle. */
async function main(settings: string, month: string, moment: Moment, adminId: string): Promise<void> {
  const app = await createApplication(new Environment(JSON.parse(settings)));
  await app.init();
  const payments = app.get(MarketplacePayments);
  const { transfer } = payments;
  payments.transfer = async (wanted) => {
    if (moment === 'after') await transfer.call(payments, wanted);
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => undefined);
  };
  const period = parsePeriod(month);
  if (period === null) throw new RangeError('a month is YYYY-MM');
  await app
    .get(Payouts)
    .runByAdmin({ userId: adminId, sessionId: newId(), role: 'admin', tier: 'free', seats: 1 }, period);
}

process.once('disconnect', () => process.exit(0));
const [settings = '{}', month = '', moment = 'after', adminId = ''] = process.argv.slice(2);
void main(settings, month, moment === 'before' ? 'before' : 'after', adminId);
