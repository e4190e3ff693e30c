import { z } from "zod";
import { readVariable } from "../../runtime/environment/variable.ts";
import type { StripeAccount } from "./client.ts";

const key = {
  schema: z.string().regex(/^(sk|rk)_/),
  expects: "a secret or restricted key of Stripe (sk_… or rk_…)",
};

/** The platform's account at Stripe by STRIPE_SECRET_KEY; null where there is none. */
export function stripeAccount(env: NodeJS.ProcessEnv): StripeAccount | null {
  if (!env.STRIPE_SECRET_KEY) return null;
  const secretKey = readVariable(env, "STRIPE_SECRET_KEY", key);
  const apiUrl = anotherUrl(env, "STRIPE_API_URL");
  return { secretKey, ...(apiUrl && { apiUrl }) };
}

/** Another server that speaks a vendor's protocol, without a slash at the end. */
export function anotherUrl(env: NodeJS.ProcessEnv, name: string): string | undefined {
  if (!env[name]) return undefined;
  // The account's key goes there: never over the network in the clear.
  const protocol = env.APP_MODE === "production" ? /^https$/ : /^https?$/;
  return readVariable(env, name, { schema: z.url({ protocol }), expects: "an https URL" }).replace(
    /\/+$/,
    "",
  );
}
