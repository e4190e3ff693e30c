import { z } from "zod";
import { ConfigError, together } from "../../runtime/config_error.ts";
import { type Mode, readMode } from "../../runtime/environment/mode.ts";
import { need, readVariables, type Variable } from "../../runtime/environment/variable.ts";
import { DEV_ISSUER, list, variables } from "../../runtime/environment/variables.ts";

/** Where session tokens come from: Clerk, or the issuer of this machine. */
export type IdentityConfig =
  | {
      source: "clerk";
      issuer: string;
      authorizedParties: string[];
      pem?: string;
      jwksUrl?: string;
      webhookSecret?: string;
    }
  | { source: "dev_issuer"; issuer: string; authorizedParties: string[] };

const DEV_PARTIES = ["http://localhost:4000", "http://localhost:3000", "http://localhost:5173"];

const clerk = {
  CLERK_JWT_KEY: {
    schema: z
      .string()
      .transform((text) => text.replaceAll("\\n", "\n").trim())
      .refine((text) => text.startsWith("-----BEGIN PUBLIC KEY-----"))
      .optional(),
    expects: "the PEM public key (-----BEGIN PUBLIC KEY-----) that Clerk shows under API keys",
  },
  CLERK_JWKS_URL: {
    schema: z.url({ protocol: /^https$/ }).optional(),
    expects: "the https URL of Clerk's JWKS",
  },
  CLERK_ISSUER: variables.CLERK_ISSUER,
  CLERK_WEBHOOK_SECRET: {
    schema: z
      .string()
      .regex(/^whsec_[A-Za-z0-9+/]{16,}={0,2}$/)
      .optional(),
    expects: "the signing secret (whsec_…) that Clerk shows at the endpoint of its webhooks",
  },
  AUTHORIZED_PARTIES: {
    schema: list.pipe(z.array(z.url({ protocol: /^https?$/ })).min(1)).optional(),
    expects: "origins that may present tokens, separated by commas",
  },
} as const satisfies Record<string, Variable>;

/** Reads who issues the tokens that are believed (FND-03). Only Clerk in production. */
export function readIdentity(env: NodeJS.ProcessEnv, mode: Mode): IdentityConfig {
  const production = mode === "production";
  const { CLERK_JWT_KEY, CLERK_JWKS_URL, CLERK_ISSUER, CLERK_WEBHOOK_SECRET, AUTHORIZED_PARTIES } =
    readVariables(env, clerk);
  if (!CLERK_JWT_KEY && !CLERK_JWKS_URL && !production) {
    return {
      source: "dev_issuer",
      issuer: CLERK_ISSUER ?? DEV_ISSUER,
      authorizedParties: AUTHORIZED_PARTIES ?? DEV_PARTIES,
    };
  }
  const [, issuer, , authorizedParties] = together(
    () => {
      if (CLERK_JWT_KEY || CLERK_JWKS_URL) return;
      const { expects } = clerk.CLERK_JWT_KEY;
      throw new ConfigError(
        `CLERK_JWT_KEY must be ${expects}, or CLERK_JWKS_URL where it publishes its keys.`,
      );
    },
    () => need("CLERK_ISSUER", clerk.CLERK_ISSUER, CLERK_ISSUER),
    // Without its events a session that was revoked would go on until its token ends.
    () => production && need("CLERK_WEBHOOK_SECRET", clerk.CLERK_WEBHOOK_SECRET, CLERK_WEBHOOK_SECRET),
    () => need("AUTHORIZED_PARTIES", clerk.AUTHORIZED_PARTIES, AUTHORIZED_PARTIES),
  );
  return {
    source: "clerk",
    issuer,
    authorizedParties,
    ...(CLERK_JWT_KEY ? { pem: CLERK_JWT_KEY } : {}),
    ...(CLERK_JWKS_URL ? { jwksUrl: CLERK_JWKS_URL } : {}),
    ...(CLERK_WEBHOOK_SECRET ? { webhookSecret: CLERK_WEBHOOK_SECRET } : {}),
  };
}

/** What minting a token and ending its session need. */
export type IssuerConfig = { mode: Mode; dataDir: string; identity: IdentityConfig; port: number };

/** Only what minting a token and ending its session need, so that `npm run token` works while no database runs. */
export function readIssuerConfig(env: NodeJS.ProcessEnv = process.env): IssuerConfig {
  const mode = readMode(env);
  const { DATA_DIR, PORT } = variables;
  const values = readVariables(env, { DATA_DIR, PORT });
  return { mode, dataDir: values.DATA_DIR, port: values.PORT, identity: readIdentity(env, mode) };
}
