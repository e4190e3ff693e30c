import { openKms } from "../providers/kms/index.ts";
import { readKmsConfig } from "../providers/kms/settings.ts";
import { paymentVendorsFrom } from "../providers/payment/index.ts";
import { applicationServerKey } from "../providers/push/index.ts";
import { createVerifiers, stripeWebhookSecret } from "../providers/webhooks/index.ts";
import { together } from "../runtime/config_error.ts";
import { withSomeMode } from "../runtime/environment/mode.ts";
import { type Config, readConfig } from "./config.ts";
import { readTrustedDocuments } from "./documents/trusted.ts";

/**
 * Everything that the API decides by the environment, looked at before anything is opened: also the files that
 * settings name, and what its vendors read by themselves. Throws one ConfigError that names all that is missing or
 * wrong. FND-36.
 */
export function readApiSettings(env: NodeJS.ProcessEnv): Config {
  const asked = withSomeMode(env);
  const [config] = together(
    () => readConfig(env),
    () => openKms(readKmsConfig(asked)).close(),
    () => env.TRUSTED_DOCUMENTS && readTrustedDocuments(env.TRUSTED_DOCUMENTS),
    () => createVerifiers({ messages: { env: asked, credentialsOf: async () => null } }),
    () => paymentVendorsFrom(asked),
    () => stripeWebhookSecret(asked),
    () => applicationServerKey(asked),
  );
  return config;
}
