import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Gauge, type Registry } from "@prometheus-io/client";
import pg from "pg";
import type { Logger } from "pino";
import { requireDatabase } from "../db/connection/require_database.ts";
import { storesOf } from "../providers/storage/index.ts";
import { drain } from "../runtime/drain.ts";
import { describeFailure } from "../runtime/failure.ts";
import { listen } from "../runtime/listen.ts";
import { type Readiness, startOperationsListener } from "../runtime/operations/listener.ts";
import { onceASecond } from "../runtime/operations/once_a_second.ts";
import { processMetrics } from "../runtime/operations/process_metrics.ts";
import { serverPatience } from "../runtime/server_patience.ts";
import { LocalBuffer } from "./buffer/local_buffer.ts";
import type { TelemetryConfig } from "./config.ts";
import { summariserInThread } from "./finalizer/in_thread.ts";
import { startFinalizer } from "./finalizer/index.ts";
import { createIngest } from "./ingest/index.ts";
import { postgresPublisher } from "./postgres_publisher.ts";

export type RunningTelemetry = { url: string; opsUrl?: string; close(): Promise<void> };

/** How often segments are looked for that a process left meanwhile. */
const TAKE_OVER_MS = 30_000;

/**
 * Starts telemetry (TEL-01): takes over what others left, listens, and finalizes what has ended. `close` lets every request
 * in flight finish and keeps what has not ended for the next process (FND-28).
 */
export async function startTelemetry(
  config: TelemetryConfig,
  log: Logger,
  { claimMs }: { claimMs?: number } = {},
): Promise<RunningTelemetry> {
  const pool = new pg.Pool({
    connectionString: config.databaseUrl,
    application_name: "restartix telemetry",
    max: 5,
    connectionTimeoutMillis: 5_000,
    query_timeout: 10_000,
  });
  pool.on("error", (error) => log.error({ error: describeFailure(error) }, "a database connection was lost"));
  const objects = storesOf(config.storage);
  await using undo = new AsyncDisposableStack();
  undo.defer(() => pool.end());
  undo.defer(() => objects.close());
  await requireDatabase(pool, { variable: "TELEMETRY_DATABASE_URL", role: "app_telemetry" });

  const buffer = await LocalBuffer.open(config.bufferFolder);
  undo.defer(() => buffer.close());
  const publisher = postgresPublisher(pool);
  const metrics = processMetrics("telemetry", pool);
  bufferMetrics(metrics, buffer);
  const summariser = summariserInThread();
  undo.defer(() => summariser.close());
  const { summarise } = summariser;
  const finalizer = startFinalizer(
    { buffer, publisher, objects, summarise },
    { metrics, log, ...(claimMs !== undefined && { claimMs }) },
  );
  undo.defer(() => finalizer.stop());
  const takingOver = setInterval(() => {
    buffer.takeOver().then(
      ({ segments }) => segments > 0 && log.info({ segments }, "segments were taken over"),
      (error) => log.error({ error: describeFailure(error) }, "segments were not taken over"),
    );
  }, TAKE_OVER_MS);
  undo.defer(() => clearInterval(takingOver));

  const readiness = onceASecond(readinessOf(pool));
  const { secret } = config;
  const ingest = createIngest({ secret, buffer, publisher, readiness, metrics, log, ended: finalizer.wake });
  undo.defer(() => ingest.close());
  const server = createServer(serverPatience, ingest.answer);
  await listen(server, config, { host: "HOST", port: "TELEMETRY_PORT" });
  undo.defer(() => drain(server));
  const ops =
    config.ops &&
    (await startOperationsListener({
      ...config.ops,
      variable: "TELEMETRY_OPS_PORT",
      registry: metrics,
      readiness,
    }));
  undo.defer(() => ops?.close());
  const { port } = server.address() as AddressInfo;
  log.info({ port, ...buffer.counts }, "listening");

  const started = undo.move();
  return {
    url: `http://localhost:${port}`,
    ...(ops && { opsUrl: `http://localhost:${ops.port}` }),
    // The other way round: first no more requests, last the database.
    async close() {
      await started.disposeAsync();
      log.info("stopped");
    },
  };
}

/** The database answers, and has the functions that telemetry calls (FND-28). */
function readinessOf(pool: pg.Pool): () => Promise<Readiness> {
  return async () => {
    const found = await pool
      .query<{ has: boolean }>(
        "select to_regprocedure('app_telemetry.session_state(uuid)') is not null as has",
      )
      .then(({ rows }) => rows[0]?.has ?? false)
      .catch(() => null);
    const functions = found === null ? "unknown" : found ? "there" : "missing";
    return { ready: found === true, checks: { database: found === null ? "down" : "up", functions } };
  };
}

function bufferMetrics(registry: Registry, buffer: LocalBuffer): void {
  new Gauge({
    name: "restartix_telemetry_kept",
    help: "What is kept until it is finalized: sessions, segments, and bytes that wait for the disk.",
    labelNames: ["what"],
    registers: [registry],
    collect() {
      const { sessions, segments } = buffer.counts;
      this.set({ what: "sessions" }, sessions);
      this.set({ what: "segments" }, segments);
      this.set({ what: "waiting_bytes" }, buffer.waitingBytes);
    },
  });
}
