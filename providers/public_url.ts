import { z } from "zod";
import { readVariable } from "../runtime/environment/variable.ts";

const url = (protocol: RegExp) => z.url({ protocol }).transform((text) => text.replace(/\/+$/, ""));

const anywhere = { schema: url(/^https?$/), expects: "an http(s) URL" };
const inProduction = { schema: url(/^https$/), expects: "the https URL under which vendors reach the API" };

/**
 * PUBLIC_URL: where the outside reaches the API, without a slash at the end. Vendors call it, and some sign
 * what they called, so behind proxies it cannot be read from a request.
 */
export function publicUrl(env: NodeJS.ProcessEnv): string {
  return env.APP_MODE === "production"
    ? readVariable(env, "PUBLIC_URL", inProduction)
    : readVariable(env, "PUBLIC_URL", anywhere, `http://localhost:${Number(env.PORT) || 4000}`);
}

/** Where a vendor reports to: the platform's account, or that of a clinic's integration. */
export function webhookUrl(base: string, provider: string, integrationId: string | null): string {
  return `${base}/v1/webhooks/${provider}${integrationId ? `/${integrationId}` : ""}`;
}
