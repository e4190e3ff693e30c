import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  randomUUID,
  sign,
} from "node:crypto";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { keptSecret } from "../../providers/kept_secret.ts";
import { ConfigError } from "../../runtime/config_error.ts";
import type { IssuerConfig } from "./settings.ts";

/** Who a minted token speaks for; the claims that a Clerk session token carries when it is set up for us. */
export type DevPerson = {
  subject: string;
  email: string;
  emailVerified?: boolean;
  name: string;
  locale: string;
};

/** Whoever owns this address, verified, as a guest who has booked and now signs up. */
export function guestOf(email: string, name = email): DevPerson {
  return { subject: `dev_${email}`, email, name, locale: "ro" };
}

export type DevIssuer = {
  issuer: string;
  publicKeyPem: string;
  /** What this machine signs the identity provider's events with. */
  webhookSecret: string;
  /** A session token in Clerk's shape, valid for `minutes` (default 12 hours: it is for people at a prompt). */
  mint(person: DevPerson, options?: { minutes?: number; sessionId?: string; party?: string }): string;
  /** An event as Clerk would send it: body and headers of a POST to /v1/webhooks/clerk. */
  event(type: string, data: object): { body: string; headers: Record<string, string> };
};

/**
 * The issuer of this machine (FND-03): its own RSA key pair, kept under the data folder and readable by
 * its owner only. What it mints takes the same verification path as a Clerk token. Refuses to exist in
 * production mode, where anybody who can read a file could be anybody.
 */
export function openDevIssuer(config: Pick<IssuerConfig, "mode" | "dataDir" | "identity">): DevIssuer {
  if (config.mode === "production")
    throw new ConfigError("APP_MODE must be embedded to use the development issuer.");
  const { issuer, authorizedParties } = config.identity;
  const folder = join(config.dataDir, "identity");
  // The server and `npm run token` may both come first.
  const privateKey = createPrivateKey(keptSecret(join(folder, "dev_issuer.pem"), newPrivateKey));
  const webhookSecret = keptSecret(join(folder, "dev_webhook_secret"), newWebhookSecret);

  return {
    issuer,
    webhookSecret,
    publicKeyPem: createPublicKey(privateKey).export({ type: "spki", format: "pem" }).toString(),
    mint(
      person,
      { minutes = 12 * 60, sessionId = `sess_${randomUUID()}`, party = authorizedParties[0] } = {},
    ) {
      const now = Math.floor(Date.now() / 1000);
      const claims = {
        iss: issuer,
        azp: party,
        sub: person.subject,
        sid: sessionId,
        iat: now,
        nbf: now - 5,
        exp: now + minutes * 60,
        email: person.email,
        email_verified: person.emailVerified ?? true,
        name: person.name,
        locale: person.locale,
      };
      const signed = `${encode({ alg: "RS256", typ: "JWT", kid: "restartix-dev" })}.${encode(claims)}`;
      return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), privateKey).toString("base64url")}`;
    },
    event(type, data) {
      const [id, at] = [`msg_${randomUUID()}`, new Date()];
      const body = JSON.stringify({ object: "event", type, timestamp: at.getTime(), data });
      return {
        body,
        headers: {
          "content-type": "application/json",
          "svix-id": id,
          "svix-timestamp": String(Math.floor(at.getTime() / 1_000)),
          "svix-signature": new Webhook(webhookSecret).sign(id, at, body),
        },
      };
    },
  };
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

function newPrivateKey(): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048, publicExponent: 0x10001 });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

function newWebhookSecret(): string {
  return `whsec_${randomBytes(24).toString("base64")}`;
}
