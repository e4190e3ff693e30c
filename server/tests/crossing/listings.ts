import pg from "pg";
import { createLog } from "../../../runtime/log.ts";
import { Listings } from "../../live/listings.ts";
import { until } from "../listener.ts";
import type { World } from "./world.ts";

/** What a verb did to the listings of all calendars, and which of them were not told. */
export type ListingWatch = {
  /** Verbs after which some calendar offered other times. */
  changing: Set<string>;
  /** Of those, the ones that somebody who watched was not told within a second. */
  untold: string[];
  around(verb: string, work: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
};

/** Every calendar's times of two months, without today's, which time itself takes away. */
const LISTED = `
  select c.id, md5(coalesce(string_agg(concat_ws(' ', f.specialist_id, f.starts_at, f.duration, s.seats_left), ',' order by f.starts_at, f.specialist_id), '')
    || (c.is_active and c.deleted_at is null)) as times
  from app_public.calendars as c
  cross join (select date_trunc('day', now()) + interval '2 days' as first, date_trunc('day', now()) + interval '60 days' as last) as w
  left join lateral app_private.free_starts(c.id, w.first, w.last) as f on true
  left join lateral app_private.sessions_within(c.organization_id, c.id, w.first, w.last, null) as s
    on s.specialist_id = f.specialist_id and lower(s.during) = f.starts_at
  group by c.id`;

/** Watches every calendar that is on while verbs are asked (SCH-07): a verb that changes times and tells nobody is named. */
export async function watchListings({ api }: World): Promise<ListingWatch> {
  const pool = new pg.Pool({ connectionString: api.authenticatorUrl, max: 1 });
  const listings = new Listings(pool, createLog({ logLevel: "silent" }), 30_000);
  const heard = new Set<string>();
  const watched = new Set<string>();
  const listed = async (): Promise<Map<string, string>> => {
    const rows = await api.sql(LISTED);
    for (const { id } of rows) {
      if (watched.has(id)) continue;
      const { standing } = await listings.watch(id, undefined, {
        changed: (_, now) => {
          heard.add(id);
          if (now === "off") watched.delete(id);
        },
        interrupted: () => {},
      });
      if (standing !== "off") watched.add(id);
    }
    return new Map(rows.map(({ id, times }) => [id, times]));
  };
  const changing = new Set<string>();
  const untold: string[] = [];
  return {
    changing,
    untold,
    async around(verb, work) {
      const before = await listed();
      const whose = new Set(watched);
      heard.clear();
      await work();
      const after = await listed();
      const others = [...before]
        .filter(([id, times]) => whose.has(id) && after.get(id) !== times)
        .map(([id]) => id);
      if (others.length === 0) return;
      changing.add(verb);
      await until(() => others.every((id) => heard.has(id)), verb, 1_000).catch(() => untold.push(verb));
    },
    async close() {
      listings.stop();
      await pool.end();
    },
  };
}
