import pg from "pg";
import { mendConnection } from "../../runtime/connection_error.ts";
import { completeText, storedUntil, whoText } from "../../server/replica.ts";
import { broken, type Examination, type Finding, ok, warning } from "./finding.ts";

/** Whether the replica that answers queries is one, and whether it is asked at all (SCA-01). */
export const replica: Examination = {
  name: "replica",
  async examine({ env, authenticator }) {
    const connectionString = env.DATABASE_REPLICA_URL;
    if (!connectionString) return [];
    const there = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000, query_timeout: 10_000 });
    there.on("error", () => {}); // whoever asks next is told
    try {
      await there.connect();
    } catch (error) {
      const why = (error as { code?: string }).code ?? (error as Error).name;
      return [
        warning(
          `DATABASE_REPLICA_URL does not lead to a database (${why}): the primary answers all queries`,
          mendConnection(error),
        ),
      ];
    }
    try {
      return await examineServers(authenticator, there);
    } finally {
      await there.end();
    }
  },
};

async function examineServers(primary: pg.Client, there: pg.Client): Promise<Finding[]> {
  const [ours, theirs] = await Promise.all([
    primary.query<{ who: string; flushes: boolean }>(
      `select (${whoText}), current_setting('synchronous_commit') <> 'off' as flushes`,
    ),
    there.query<{ who: string; follows: boolean; tells: boolean }>(
      `select (${whoText}), pg_is_in_recovery() as follows, current_setting('hot_standby_feedback') = 'on' as tells`,
    ),
  ]);
  const { who, follows, tells } = theirs.rows[0] ?? {};
  if (!follows) {
    return [
      broken(
        "DATABASE_REPLICA_URL leads to a server that follows no other: it is never asked",
        "It must lead to a streaming replica of the server of AUTHENTICATOR_DATABASE_URL.",
      ),
    ];
  }
  if (who !== ours.rows[0]?.who) {
    return [
      broken(
        "DATABASE_REPLICA_URL leads to another cluster or database, or in as another role: it is never asked",
        "It must be AUTHENTICATOR_DATABASE_URL with the host of the replica.",
      ),
    ];
  }
  // Without it a server at which nothing is written may have stored a part of what no replica can replay yet.
  await primary.query(completeText);
  const stored = await storedUntil(primary);
  const isCurrent = await there.query("select app_hidden.require_replayed($1)", [stored]).then(
    () => true,
    () => false,
  );
  return [
    isCurrent
      ? ok("the replica has what is stored")
      : warning(
          "the replica is behind: the primary answers queries until it is not",
          "See whether it still receives changes: pg_stat_replication at the primary, the log of the replica.",
        ),
    ...(tells
      ? []
      : [
          warning(
            "what the primary cleans up may end queries at the replica, which are then asked anew",
            "Set hot_standby_feedback = on at the replica.",
          ),
        ]),
    ...(ours.rows[0]?.flushes
      ? []
      : [
          broken(
            "commits are acknowledged before they are written (synchronous_commit = off): who has written may read the state before at the replica",
            "Set synchronous_commit = on at the primary.",
          ),
        ]),
  ];
}
