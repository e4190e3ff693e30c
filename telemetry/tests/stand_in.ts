/**
 * The core's side of telemetry for these tests: the functions that app_telemetry calls, over one table, in the test's own
 * database. No migration has them yet; once one has, this file goes, and the tests begin sessions as the API does.
 */
export const standIn = `
  create schema if not exists app_telemetry;
  grant usage on schema app_telemetry to app_telemetry;
  create schema stand_in;
  create table stand_in.sessions (
    sid uuid primary key, organization_id uuid not null, scopes text[] not null,
    withdrawn_at jsonb not null default '{}', ended_at timestamptz, exercises jsonb not null default '[]',
    gaps text[] not null default '{}', results jsonb[] not null default '{}', published int not null default 0,
    replay_key text, replay_sha256 text, replay_bytes bigint, is_over boolean not null default false,
    claimed_by uuid, fails int not null default 0
  );
  create sequence stand_in.tries;
  create function app_telemetry.session_state(sid uuid)
  returns table (organization_id uuid, scopes text[], withdrawn_at jsonb, ended_at timestamptz, exercises jsonb)
  language sql security definer as $$
    select s.organization_id, s.scopes, s.withdrawn_at, s.ended_at, s.exercises
    from stand_in.sessions s where s.sid = session_state.sid
  $$;
  create function app_telemetry.record_gap(sid uuid, "from" int, "to" int) returns void
  language sql security definer as $$
    update stand_in.sessions s set gaps = gaps || format('%s-%s', "from", "to")
    where s.sid = record_gap.sid and not format('%s-%s', "from", "to") = any (gaps)
  $$;
  create function app_telemetry.publish_aggregated(sid uuid, result jsonb) returns void
  language plpgsql security definer as $$
  begin
    -- A sequence is not rolled back with the failure that it counts.
    if nextval('stand_in.tries') <= (select s.fails from stand_in.sessions s where s.sid = publish_aggregated.sid) then
      raise exception 'asked for';
    end if;
    update stand_in.sessions s set published = published + 1,
      results = case when cardinality(results) = 0 then array[result] else results end
    where s.sid = publish_aggregated.sid;
  end $$;
  create function app_telemetry.claim_to_finalize(worker uuid, most int) returns setof uuid
  language sql security definer as $$
    update stand_in.sessions s set claimed_by = worker
    where s.sid in (select c.sid from stand_in.sessions c where c.is_over and c.claimed_by is null limit most)
    returning s.sid
  $$;
  create function app_telemetry.finalized(sid uuid, object_key text, sha256 text, bytes bigint) returns void
  language sql security definer as $$
    update stand_in.sessions s
    set ended_at = coalesce(s.ended_at, now()), replay_key = object_key, replay_sha256 = sha256, replay_bytes = bytes
    where s.sid = finalized.sid
  $$;
  grant execute on all functions in schema app_telemetry to app_telemetry;
`;

export type StoredSession = {
  ended_at: Date | null;
  gaps: string[];
  // biome-ignore lint/suspicious/noExplicitAny: what was published, as it lies there.
  results: any[];
  published: number;
  replay_key: string | null;
  replay_sha256: string | null;
  replay_bytes: string | null;
};
