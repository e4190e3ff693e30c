-- A claim becomes longer or shorter and keeps its start, its specialist and its rooms. What is added must be free, and within the
-- hours, like the time of any booking; only that the start is near, past or off the grid is asked nothing of any more. APT-02.
-- The caller has locked calendar, specialist, patient and appointment, and says which rules were set aside already. All days of
-- the old and the new span are locked at once.

create or replace function app_private.resize_claim(
  claim_id uuid,
  calendar app_public.calendars,
  minutes int,
  set_aside text[] default '{}'
) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_old app_private.time_claims;
  v_new app_private.time_claims;
  v_rule text;
begin
  select tc.* into strict v_old from app_private.time_claims as tc where tc.id = resize_claim.claim_id;
  if v_old.session_id is not null then
    perform app_hidden.refuse('STATE', 'group_has_one_length');
  end if;
  v_new := v_old;
  v_new.during := tstzrange(lower(v_old.during), upper(v_old.during) + make_interval(mins => resize_claim.minutes));
  v_new.blocked := tstzrange(lower(v_old.blocked), upper(v_old.blocked) + make_interval(mins => resize_claim.minutes));
  if upper(v_new.during) > lower(v_new.during) + interval '24 hours' then
    perform app_hidden.refuse('VALIDATION', 'longer_than_a_day', '{"field": "minutes"}');
  end if;
  if app_private.needs_resources(v_old.organization_id, calendar.id) then
    perform app_private.lock_clinic_resources(v_old.organization_id);
  end if;
  perform app_private.lock_specialist_days(array[
    (v_old.specialist_id, lower(v_old.during), upper(v_old.during), v_old.blocked)::app_private.free_start,
    (v_new.specialist_id, lower(v_new.during), upper(v_new.during), v_new.blocked)::app_private.free_start]);

  if resize_claim.minutes > 0 then
    select broken into v_rule
    from app_private.verdicts(
      calendar.id, lower(v_old.during), v_old.specialist_id, v_old.id, upper(v_new.during) - lower(v_new.during)) as v
    cross join unnest(v.rules) as broken
    where broken in ('outside_hours', 'closed') and broken <> all (coalesce(resize_claim.set_aside, '{}'))
    limit 1;
    if v_rule is not null then
      perform app_private.refuse_rule(v_rule, calendar.id, lower(v_old.during));
    end if;
  end if;
  v_new := app_private.write_claim(v_new);
  if v_new.id is null then
    perform app_private.refuse_taken(calendar.id, lower(v_old.during));
  end if;
  -- What an expired hold still has of the room goes over, as for any booking.
  delete from app_private.resource_claims as other
  using app_private.resource_claims as own, app_private.time_claims as tc
  where own.claim_id = v_new.id and other.resource_id = own.resource_id and other.claim_id <> own.claim_id
    and other.blocked && v_new.blocked
    and tc.organization_id = other.organization_id and tc.id = other.claim_id and tc.expires_at <= app_hidden.now();
  begin
    update app_private.resource_claims as rc set blocked = v_new.blocked where rc.claim_id = v_new.id;
  exception when exclusion_violation then
    perform app_private.refuse_rule('no_resource', calendar.id, lower(v_old.during));
  end;
  if resize_claim.minutes < 0 then
    perform app_private.publish_released(v_old);
  end if;
  perform app_private.publish_held(v_new);
  return v_new;
end;
$$;

comment on function app_private.resize_claim is
  'Gives a claim so many minutes more, or less; SLOT_TAKEN, VALIDATION naming the rule, STATE group_has_one_length.';
grant execute on function app_private.resize_claim to app_engine;
