import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "pino";
import { createApp } from "./app.ts";
import { type Config, ConfigError } from "./config.ts";
import { createPool } from "./database.ts";
import { loadErrorRegistry } from "./errors/registry.ts";
import { openDevIssuer } from "./identity/dev_issuer.ts";
import { cachedJwks, fixedKey, type KeySource } from "./identity/keys.ts";
import { createVerifier } from "./identity/verify.ts";
import { createLog } from "./log.ts";

export type RunningServer = { url: string; close(): Promise<void> };

/** How long an answer may take to leave after the order to stop; longer than any statement may run. */
const GRACE_MS = 10_000;

/**
 * Starts the API: connects, reads the error codes, builds the schema, listens. Throws ConfigError with
 * one line when something that a variable decides stands in the way. `close` lets every request in
 * flight finish (FND-28).
 */
export async function startServer(config: Config, log: Logger = createLog(config)): Promise<RunningServer> {
  const pool = createPool(config, log);
  try {
    const registry = await patiently(() => loadErrorRegistry(pool)).catch((error: Error) => {
      throw new ConfigError(
        `AUTHENTICATOR_DATABASE_URL must lead to a migrated database that answers (${reasonOf(error)}).`,
      );
    });
    const { authorizedParties, issuer } = config.identity;
    const verify = createVerifier({ keys: keySource(config), issuer, authorizedParties });
    const { app, release } = await createApp({ config, pool, registry, verify, log });

    const server = createServer(
      { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 5_000, maxHeaderSize: 16_384 },
      app,
    );
    await listen(server, config);
    const { port } = server.address() as AddressInfo;
    log.info({ port, mode: config.mode, identity: config.identity.source }, "listening");

    return {
      url: `http://localhost:${port}`,
      async close() {
        await drain(server);
        await release();
        await pool.end();
        log.info("stopped");
      },
    };
  } catch (error) {
    await pool.end();
    throw error;
  }
}

/** A database that is only slow to let anybody in is no reason not to start; one that is not there is. */
async function patiently<T>(ask: () => Promise<T>, attempts = 5): Promise<T> {
  return ask().catch((error: Error) => {
    if (attempts <= 1 || !/timeout exceeded when trying to connect/.test(error.message)) throw error;
    return patiently(ask, attempts - 1);
  });
}

function keySource(config: Config): KeySource {
  if (config.identity.source === "dev_issuer") return fixedKey(openDevIssuer(config).publicKeyPem);
  const { pem, jwksUrl } = config.identity;
  return pem ? fixedKey(pem) : cachedJwks(jwksUrl ?? "");
}

function listen(server: Server, { port, host }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const taken = error.code === "EADDRINUSE" || error.code === "EACCES";
      reject(taken ? new ConfigError(`PORT must be a free port: ${port} is taken or not allowed.`) : error);
    });
    server.listen(port, host, resolve);
  });
}

/** No new requests; those in flight finish; a connection that only idles is closed at once. */
function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const impatient = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    // A connection whose last answer has just left is idle only now.
    const sweep = setInterval(() => server.closeIdleConnections(), 100);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(impatient);
      resolve();
    });
  });
}

function reasonOf(error: Error & { code?: string }): string {
  return error.code ?? error.name;
}
