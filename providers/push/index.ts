import { createECDH } from "node:crypto";
import path from "node:path";
import webPush from "web-push";
import { z } from "zod";
import { ConfigError } from "../../runtime/config_error.ts";
import { dataDir } from "../../runtime/environment/data_dir.ts";
import { readVariable } from "../../runtime/environment/variable.ts";
import { keptSecret } from "../kept_secret.ts";
import type { Pusher } from "./port.ts";
import { type VapidKeys, webPusher } from "./web_push.ts";

export type { Pusher } from "./port.ts";
export { PushDelayed, PushGone } from "./port.ts";

const vapidKeys = z.object({
  publicKey: z.string().regex(/^[\w-]{87}$/),
  privateKey: z.string().regex(/^[\w-]{43}$/),
});

const vapidSubject = {
  schema: z.string().regex(/^(mailto:[^@\s]+@[^@\s]+|https:\/\/\S+)$/),
  expects: "a mailto: or https: URL by which push services reach the operator",
};

/**
 * The pusher of this deployment (FND-15): VAPID_PUBLIC_KEY, VAPID_PRIVATE_KEY and VAPID_SUBJECT. Outside
 * production the keys are made once and kept under the data folder, and the embedded mailbox may be called.
 * Null: production without keys, where push is not offered.
 */
export function pusherFrom(env: NodeJS.ProcessEnv): Pusher | null {
  const vapid = vapidFrom(env);
  if (!vapid) return null;
  const production = env.APP_MODE === "production";
  const fallback = production ? undefined : "mailto:no-reply@restartix.localhost";
  const subject = readVariable(env, "VAPID_SUBJECT", vapidSubject, fallback);
  return webPusher({ vapid, subject, loopback: !production });
}

/** The applicationServerKey that browsers subscribe with; null where push is not offered. */
export function applicationServerKey(env: NodeJS.ProcessEnv): string | null {
  return vapidFrom(env)?.publicKey ?? null;
}

function vapidFrom(env: NodeJS.ProcessEnv): VapidKeys | null {
  const { VAPID_PUBLIC_KEY: publicKey, VAPID_PRIVATE_KEY: privateKey } = env;
  if (publicKey || privateKey) {
    const parsed = vapidKeys.safeParse({ publicKey, privateKey });
    if (!parsed.success || !belongTogether(parsed.data)) {
      throw new ConfigError(
        "VAPID_PUBLIC_KEY and VAPID_PRIVATE_KEY must be a pair, as `npx web-push generate-vapid-keys` prints it.",
      );
    }
    return parsed.data;
  }
  if (env.APP_MODE === "production") return null;
  const file = path.join(dataDir(env), "keys", "vapid.json");
  return vapidKeys.parse(JSON.parse(keptSecret(file, () => JSON.stringify(newVapidKeys()))));
}

/** A new pair of keys for Web Push. */
export function newVapidKeys(): VapidKeys {
  return webPush.generateVAPIDKeys();
}

function belongTogether({ publicKey, privateKey }: VapidKeys): boolean {
  try {
    const pair = createECDH("prime256v1");
    pair.setPrivateKey(privateKey, "base64url");
    return pair.getPublicKey("base64url") === publicKey;
  } catch {
    return false; // no number of the curve
  }
}
