import type pg from "pg";
import type { Publisher, Scope, SessionState, Tracked } from "./publisher.ts";

type Row = {
  sid: string;
  organization_id: string;
  scopes: string[];
  withdrawn_at: Partial<Record<Scope, string | null>> | null;
  ended_at: Date | null;
  /** What the function adds about the exercises; nothing where it does not. */
  exercises?: Tracked[] | null;
};

/** The core's functions for telemetry, called as app_telemetry, which may execute these and nothing else. */
export function postgresPublisher(pool: pg.Pool): Publisher {
  return {
    async sessionStates(sessions) {
      // The clock stands alone too: it is told where no session is known.
      const { rows } = await pool.query<{ at: Date } & (Row | { sid: null })>({
        name: "session_states",
        text: `select now.at, asked.sid, state.*
               from (select clock_timestamp() as at) as now
               left join (unnest($1::uuid[]) as asked (sid)
                          cross join lateral app_telemetry.session_state(asked.sid) as state) on true`,
        values: [sessions],
      });
      const states = rows.flatMap((row) => (row.sid === null ? [] : [[row.sid, stateOf(row)] as const]));
      return { at: rows[0]?.at.getTime() ?? Date.now(), states: new Map(states) };
    },

    async recordGap(session, from, to) {
      await pool.query("select app_telemetry.record_gap($1, $2, $3)", [session, from, to]);
    },

    async publishAggregated(session, result) {
      await pool.query("select app_telemetry.publish_aggregated($1, $2)", [session, JSON.stringify(result)]);
    },

    async claimToFinalize(worker, most) {
      const { rows } = await pool.query<{ sid: string }>(
        "select claimed.sid from app_telemetry.claim_to_finalize($1, $2) as claimed (sid)",
        [worker, most],
      );
      return rows.map(({ sid }) => sid);
    },

    async finalized(session, replay) {
      await pool.query("select app_telemetry.finalized($1, $2, $3, $4)", [
        session,
        replay?.key ?? null,
        replay?.sha256 ?? null,
        replay?.bytes ?? 0,
      ]);
    },
  };
}

function stateOf({ organization_id, scopes, withdrawn_at, ended_at, exercises }: Row): SessionState {
  const withdrawn = Object.entries(withdrawn_at ?? {}).flatMap(([scope, at]) =>
    at ? [[scope, Date.parse(at)]] : [],
  );
  return {
    organizationId: organization_id,
    scopes,
    withdrawnAt: Object.fromEntries(withdrawn),
    endedAt: ended_at?.getTime() ?? null,
    exercises: exercises ?? [],
  };
}
