import { Counter, Gauge, type Registry } from "@prometheus-io/client";
import type { Pool, PoolClient } from "pg";
import type { Logger } from "pino";
import { describeError } from "../runtime/log.ts";
import { isUnavailable } from "./errors/database_refusal.ts";
import { asCaller } from "./http/transaction.ts";
import type { Settings } from "./identity/session.ts";

/** A second server that holds what the first does, a moment later, and answers queries in its place (SCA-01). */
export type Replica = {
  /** Runs what only reads, under the settings of one operation, where it may be read: there, or at the first server. */
  read<T>(settings: Settings, work: (client: PoolClient) => T | PromiseLike<T>): Promise<T>;
  close(): Promise<void>;
};

/** How long a replica that failed is left alone before it is asked whether it is well. */
const PAUSE_MS = 1_000;

/** What an operation has seen: how far the first server had stored when it began, and whether it has been there since. */
type Operation = { storedUntil?: Promise<string>; isAtPrimary: boolean };

/**
 * A query is answered by the replica when that has everything which was stored as the query began, whoever wrote it; the
 * transaction that reads asks for it by itself (`app_hidden.require_replayed`). Otherwise the first server answers, and
 * goes on to answer what the same operation asks afterwards, so that no part of an answer is older than the one before.
 *
 * A replica that is behind or does not answer is left alone by everybody, until it was asked apart from any request and
 * was well. Other errors are not believed either: the first server is asked the same. Only a statement that took too
 * long there is not begun anew.
 */
export function createReplica(primary: Pool, replica: Pool, registry: Registry, log: Logger): Replica {
  const reads = new Counter({
    name: "restartix_replica_reads_total",
    help: "Reading transactions of queries, by what the replica did about them; what it did not answer, the primary did.",
    labelNames: ["outcome"],
    registers: [registry],
  });
  const inUse = new Gauge({
    name: "restartix_replica_in_use",
    help: "1 while queries are answered by the replica.",
    registers: [registry],
  });
  const operations = new WeakMap<Settings, Operation>();
  /** Unknown until it was asked for the first time. */
  let isWell: boolean | undefined;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;

  const leave = (error: unknown): void => {
    if (isWell !== false)
      log.warn(
        { error: describeError(error) },
        "the primary answers queries: the replica does not, or is behind",
      );
    isWell = false;
    inUse.set(0);
    clearTimeout(timer);
    if (!isClosed) timer = setTimeout(look, PAUSE_MS).unref();
  };
  const look = (): void => {
    requireCopy(primary, replica).then(() => {
      log.info("the replica answers queries");
      isWell = true;
      inUse.set(1);
    }, leave);
  };
  look();

  return {
    async read(settings, work) {
      const atPrimary = () => asCaller(primary, settings, work, { readOnly: true });
      const operation = operations.get(settings) ?? { isAtPrimary: false };
      operations.set(settings, operation);
      if (!isWell || operation.isAtPrimary) {
        operation.isAtPrimary = true;
        reads.inc({ outcome: "not_asked" });
        return atPrimary();
      }
      operation.storedUntil ??= storedUntil(primary);
      const replayed = await operation.storedUntil;
      let ofStatement: unknown;
      try {
        const result = await asCaller(
          replica,
          settings,
          (client) =>
            Promise.try(work, client).catch((error) => {
              ofStatement = error;
              throw error;
            }),
          { readOnly: true, replayed },
        );
        reads.inc({ outcome: "answered" });
        return result;
      } catch (error) {
        const isOfStatement = error === ofStatement && !isUnavailable(error);
        if (isOfStatement && isTimeout(error)) throw error;
        reads.inc({ outcome: isOfStatement ? "refused" : isBehind(error) ? "behind" : "unavailable" });
        operation.isAtPrimary = true;
        if (!isOfStatement) leave(error);
        return atPrimary();
      }
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await replica.end();
    },
  };
}

/** Everything that was acknowledged before this is asked lies below: a commit is flushed before it is acknowledged. */
export async function storedUntil(primary: Pick<Pool, "query">): Promise<string> {
  const { rows } = await primary.query<{ position: string }>("select pg_current_wal_flush_lsn() as position");
  return rows[0]?.position ?? "";
}

/** Which cluster and database this is, and who asks: the same at a server and at its replica. */
export const whoText = `
  select format('%s %s %s', system_identifier, current_database(), session_user) as who from pg_control_system()`;

/**
 * A record of ours that is flushed, and with it every record before. A reader whose transaction was rolled back can leave one
 * that PostgreSQL has flushed up to the end of a page; no replica can replay it before the rest follows, for which nothing
 * but the next commit provides, or the fifteen seconds of the background writer.
 */
export const completeText = "select pg_logical_emit_message(false, 'restartix', '', true)";

/**
 * Refuses a server that is behind, and one that is no copy of the first or is spoken to as somebody else: positions of two
 * clusters cannot be compared, and rights and limits stand with the role.
 */
export async function requireCopy(primary: Pool, replica: Pool): Promise<void> {
  await primary.query(completeText);
  const replayed = await storedUntil(primary);
  const [ours, theirs] = await Promise.all([
    primary.query<{ who: string }>(whoText),
    asCaller(replica, {}, (client) => client.query<{ who: string }>(whoText), { readOnly: true, replayed }),
  ]);
  if (ours.rows[0]?.who !== theirs.rows[0]?.who)
    throw new Error("DATABASE_REPLICA_URL leads to another cluster, database or role");
}

const codeOf = (error: unknown) => (error as { code?: string }).code;
const isBehind = (error: unknown) => codeOf(error) === "55000";
const isTimeout = (error: unknown) => codeOf(error) === "57014";
