import type Stripe from "stripe";
import { answered } from "./client.ts";

/** The clinic at Stripe, made once: one that another try made is found by its address and our id. */
export async function customerOf(
  stripe: Stripe,
  { organizationId, name, email }: { organizationId: string; name: string; email: string },
): Promise<string> {
  const known = await answered(stripe.customers.list({ email, limit: 100 }));
  const found = known.data.find(({ metadata }) => metadata.organization_id === organizationId);
  if (found) return found.id;
  const made = await answered(
    stripe.customers.create(
      { name, email, metadata: { organization_id: organizationId } },
      { idempotencyKey: `customer:${organizationId}` },
    ),
  );
  return made.id;
}
