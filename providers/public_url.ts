import { z } from "zod";
import { readSetting } from "./setting.ts";

const httpUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ""));
const httpsUrl = z.url({ protocol: /^https$/ }).transform((url) => url.replace(/\/+$/, ""));

/**
 * PUBLIC_URL: where the outside reaches the API, without a slash at the end. Vendors call it, and some sign
 * what they called, so behind proxies it cannot be read from a request.
 */
export function publicUrl(env: NodeJS.ProcessEnv): string {
  return env.APP_MODE === "production"
    ? readSetting(env, "PUBLIC_URL", httpsUrl, "the https URL under which vendors reach the API")
    : readSetting(
        env,
        "PUBLIC_URL",
        httpUrl,
        "an http(s) URL",
        `http://localhost:${Number(env.PORT) || 4000}`,
      );
}

/** Where a vendor reports to: the platform's account, or that of a clinic's integration. */
export function webhookUrl(base: string, provider: string, integrationId: string | null): string {
  return `${base}/v1/webhooks/${provider}${integrationId ? `/${integrationId}` : ""}`;
}
