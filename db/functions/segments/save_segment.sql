-- Writing a segment: one at a time in a clinic, and not while its worker looks, so that what a rule names is there, nothing names
-- itself, and a refresh knows which rule it went by. SEG-01, SEG-02.

create or replace function app_private.lock_segments(organization_id uuid) returns void
language sql volatile
set search_path = ''
as $$
  select pg_advisory_xact_lock(hashtextextended('segments:' || lock_segments.organization_id, 0))
$$;

comment on function app_private.lock_segments is 'Waits for whoever writes or refreshes the segments of a clinic, until the transaction ends.';
grant execute on function app_private.lock_segments to app_engine;

create or replace function app_private.own_segment(segment_id uuid, permission text) returns app_public.segments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_segment app_public.segments;
begin
  select segments.* into v_segment
  from app_public.segments
  where segments.id = own_segment.segment_id and segments.deleted_at is null;
  if not found or not v_segment.organization_id = any (app_hidden.current_staff_organization_ids()) then
    perform app_hidden.refuse('NOT_FOUND', 'segment_not_found');
  end if;
  perform app_private.require_permission(v_segment.organization_id, own_segment.permission);
  return v_segment;
end;
$$;

comment on function app_private.own_segment is
  'A segment of a clinic where the caller has the permission; NOT_FOUND segment_not_found, FORBIDDEN otherwise.';
grant execute on function app_private.own_segment to app_engine;

/* Keeps what the rule of a segment reads, and has everybody looked at, also in what names it. */
create or replace function app_private.follow_rule(segment app_public.segments) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_depends text[] := case
    when (segment).rule is null then '{patient}'
    else (app_private.compile_rule((segment).organization_id, (segment).rule)).depends
  end;
begin
  delete from app_private.segment_dependencies as kept
  where kept.organization_id = (segment).organization_id and kept.segment_id = (segment).id and kept.code <> all (v_depends);
  insert into app_private.segment_dependencies (organization_id, code, segment_id)
  select (segment).organization_id, code, (segment).id from unnest(v_depends) as code
  on conflict do nothing;
  with recursive named as (
    select (segment).id
    union
    select dependency.segment_id
    from named
    join app_private.segment_dependencies as dependency
      on dependency.organization_id = (segment).organization_id and dependency.code = 'segment:' || named.id
  ), emptied as (
    -- What names it changes by the same edit: that is no event, either.
    update app_public.segments set filled_version = null
    where segments.id in (select named.id from named) and segments.filled_version is not null
  )
  insert into app_private.segment_marks (organization_id, segment_id)
  select (segment).organization_id, named.id from named;
  perform app_private.queue_segments(array[(segment).organization_id]);
end;
$$;

comment on function app_private.follow_rule is 'Keeps what a segment reads, and marks everybody for it and for what names it.';
grant execute on function app_private.follow_rule to app_engine;

create or replace function app_private.queue_segments(organization_ids uuid[]) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  -- Without a key: whoever marks would wait for all others who mark in the clinic. A job that finds nothing left costs a look.
  perform graphile_worker.add_jobs(array(
    select row('refresh_segments', jsonb_build_object('organizationId', id), null, null, null, null, null, null)::graphile_worker.job_spec
    from unnest(organization_ids) as id order by id));
end;
$$;

comment on function app_private.queue_segments is 'Has the worker look at the segments of clinics.';
grant execute on function app_private.queue_segments to app_engine;
