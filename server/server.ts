import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "pino";
import { requireDatabase, requireDirect } from "../db/connection/require_database.ts";
import { accountTrials } from "../providers/accounts.ts";
import { exerciseVideosFrom } from "../providers/exercise_video/index.ts";
import { openKms } from "../providers/kms/index.ts";
import { paymentVendorsFrom } from "../providers/payment/index.ts";
import { publicUrl } from "../providers/public_url.ts";
import { storesOf } from "../providers/storage/index.ts";
import { videoVendorsFrom } from "../providers/video/index.ts";
import { createVerifiers, stripeWebhookSecret } from "../providers/webhooks/index.ts";
import { webhookSenderFrom } from "../providers/webhooks_out/index.ts";
import { drain } from "../runtime/drain.ts";
import { describeFailure } from "../runtime/failure.ts";
import { listen } from "../runtime/listen.ts";
import { createLog } from "../runtime/log.ts";
import { startOperationsListener } from "../runtime/operations/listener.ts";
import { onceASecond } from "../runtime/operations/once_a_second.ts";
import { processMetrics } from "../runtime/operations/process_metrics.ts";
import { serverPatience } from "../runtime/server_patience.ts";
import { createNoteUse } from "../secrets/account_use.ts";
import { createSecrets } from "../secrets/index.ts";
import { createCredentialsOf, createResolver } from "../secrets/resolver.ts";
import { createWebhookHandlers } from "../webhooks/index.ts";
import { createApp } from "./app.ts";
import { createBillingDetails } from "./billing_details/index.ts";
import { createCardUpdates } from "./card_updates/index.ts";
import type { Config } from "./config.ts";
import { createPool, createReplicaPool, requireLimits } from "./database.ts";
import { loadErrorRegistry } from "./errors/registry.ts";
import { createExerciseScreens } from "./exercises/index.ts";
import { createFiles } from "./files/index.ts";
import type { SchemaOf } from "./graphile.config.ts";
import { readinessOf } from "./http/health.ts";
import { createIde } from "./ide/index.ts";
import { openDevIssuer } from "./identity/dev_issuer.ts";
import { cachedJwks, fixedKey, type KeySource } from "./identity/keys.ts";
import { createVerifier } from "./identity/verify.ts";
import { createIntegrations } from "./integrations/index.ts";
import { eventStreams, type StreamLimits, streamLimits } from "./live/event_streams.ts";
import { Listings } from "./live/listings.ts";
import { createPages } from "./pages/index.ts";
import { pagesAreMade } from "./pages/read_page.ts";
import { createReplica, type Replica } from "./replica.ts";
import { createSigning } from "./signing/index.ts";
import { openSockets, type SocketLimits } from "./sockets/index.ts";
import { createExerciseSessions } from "./telemetry/index.ts";
import { createVideo } from "./video/index.ts";
import { createWebhookSubscriptions } from "./webhook_subscriptions/index.ts";

export type RunningServer = {
  url: string;
  /** Where operators ask for health and metrics, if anywhere. */
  opsUrl?: string;
  close(): Promise<void>;
};

/**
 * Starts the API: connects, reads the error codes, builds the schema, listens. Throws ConfigError with
 * one line when something that a variable decides stands in the way. `close` lets every request in
 * flight finish (FND-28).
 */
export async function startServer(
  config: Config,
  log: Logger = createLog(config),
  { limits, schemaOf }: { limits?: Partial<SocketLimits & StreamLimits>; schemaOf?: SchemaOf } = {},
): Promise<RunningServer> {
  const kms = openKms(config.kms);
  const pool = createPool(config, log);
  const objects = storesOf(config.storage);
  let replica: Replica | undefined;
  try {
    await requireDatabase(pool, { variable: "AUTHENTICATOR_DATABASE_URL", role: "app_authenticator" });
    await requireLimits(pool);
    await requireDirect(config.listenUrl, { variable: "LISTEN_DATABASE_URL", role: "app_authenticator" });
    const registry = await loadErrorRegistry(pool);
    const { authorizedParties, issuer } = config.identity;
    const verify = createVerifier({ keys: keySource(config), issuer, authorizedParties });
    const secrets = createSecrets(kms, pool);
    const resolve = createResolver(pool, secrets);
    const noteUse = createNoteUse(pool, (error) =>
      log.error({ error: describeFailure(error) }, "the use of an account was not noted"),
    );
    const verifiers = createVerifiers({
      clerk: identityWebhookSecret(config),
      stripe: stripeWebhookSecret(config.vendors),
      messages: { env: config.vendors, credentialsOf: createCredentialsOf(pool, secrets) },
    });
    const webhooks = createWebhookHandlers({ identityIssuer: issuer });
    const metrics = processMetrics("api", pool);
    const readiness = onceASecond(readinessOf(pool));
    const listings = new Listings(pool, log, limits?.lookBackMs ?? streamLimits.lookBackMs);
    const live = eventStreams(listings, metrics, limits);
    if (config.replicaUrl) replica = createReplica(pool, createReplicaPool(config, log), metrics, log);
    const { app, graphql, checkRequest, rates, release } = await createApp({
      config,
      pool,
      replica,
      registry,
      verify,
      readiness,
      metrics,
      verifiers,
      webhooks,
      log,
      services: {
        files: createFiles({ pool, objects }),
        cardUpdates: createCardUpdates({
          pool,
          vendors: paymentVendorsFrom(config.vendors),
          origins: [publicUrl(config.vendors), ...authorizedParties],
        }),
        exercises: createExerciseScreens({ pool, videos: exerciseVideosFrom(config.vendors, objects) }),
        signing: createSigning({ pool, secrets }),
        video: createVideo({ pool, vendors: videoVendorsFrom(config.vendors, resolve, noteUse) }),
        webhookSubscriptions: createWebhookSubscriptions({
          pool,
          secrets,
          sender: webhookSenderFrom(config.vendors),
        }),
        exerciseSessions: createExerciseSessions({ pool, objects, ...config.telemetry }),
        billingDetails: createBillingDetails({ pool, secrets }),
        integrations: createIntegrations({ pool, secrets, tryAccount: accountTrials(config.vendors) }),
      },
      ide: config.mode === "production" ? undefined : createIde(config),
      pages: createPages(config),
      live,
      schemaOf,
    });

    const server = createServer(serverPatience, app);
    await listen(server, config, { host: "HOST", port: "PORT" });
    const ops =
      config.ops && (await startOperationsListener({ ...config.ops, registry: metrics, readiness }));
    const { listenUrl: connectionString, trustProxy } = config;
    const sockets = openSockets({
      server,
      graphql,
      checkRequest,
      rates,
      pool,
      verify,
      registry,
      log,
      trustProxy,
      connectionString,
      listings,
      limits,
    });
    const { port } = server.address() as AddressInfo;
    if (!pagesAreMade()) log.warn("the pages are not made, and not served: npm run web:build");
    log.info({ port, mode: config.mode, identity: config.identity.source }, "listening");

    return {
      url: `http://localhost:${port}`,
      ...(ops && { opsUrl: `http://localhost:${ops.port}` }),
      async close() {
        const drained = drain(server);
        live.close();
        await sockets.close();
        listings.stop();
        await drained;
        await ops?.close();
        await release();
        objects.close();
        kms.close();
        await replica?.close();
        await pool.end();
        log.info("stopped");
      },
    };
  } catch (error) {
    objects.close();
    kms.close();
    await replica?.close();
    await pool.end();
    throw error;
  }
}

function keySource(config: Config): KeySource {
  if (config.identity.source === "dev_issuer") return fixedKey(openDevIssuer(config).publicKeyPem);
  const { pem, jwksUrl } = config.identity;
  return pem ? fixedKey(pem) : cachedJwks(jwksUrl ?? "");
}

/** The development issuer signs its events as Clerk does, with a secret of this machine. */
function identityWebhookSecret(config: Config): string | undefined {
  return config.identity.source === "clerk"
    ? config.identity.webhookSecret
    : openDevIssuer(config).webhookSecret;
}
