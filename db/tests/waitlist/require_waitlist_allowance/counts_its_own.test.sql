-- Test: require_waitlist_allowance - joins are counted by visitor and by network in an hour and a day, waits by person and by calendar; each for itself, to the second. SCH-10, FND-35.
begin;
select plan(19);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('boreal'), tests.specialist('bob'), tests.calendar('theirs', '{bob}');
select tests.clinic('atlas'), tests.specialist('stefan'), tests.calendar('mondays', '{stefan}'), tests.calendar('others', '{stefan}');
select tests.patient(name, account => false) from unnest('{ana,bogdan}'::text[]) as name;
update app_private.visitor_limits set per_hour = 1, per_day = 1;
update app_private.visitor_limits set per_hour = 2, per_day = 3 where name in ('waitlist_visitor', 'waitlist_address');
-- So many who joined so long ago.
create function pg_temp.joined(times int, ago interval, visitor text default null, address inet default null, patient text default null, calendar text default 'mondays', status text default 'waiting')
returns void language sql as $$
  insert into app_public.waitlist_entries (organization_id, calendar_id, starts_on, ends_on, patient_profile_id, given_name, family_name, email, phone, locale, token_hash, visitor_id, address, created_at)
  select c.organization_id, c.id, '2027-03-08', '2027-04-30', p.id, case when p.id is null then status end, case when p.id is null then 'F' end,
    case when p.id is null then 'guest@people.test' end, case when p.id is null then '+40722111222' end, 'ro', sha256(gen_random_uuid()::text::bytea), visitor, address, app_hidden.now() - ago
  from app_public.calendars c cross join generate_series(1, times) cross join (select case when patient is not null then tests.id(patient) end as id) p where c.id = tests.id(joined.calendar);
  update app_public.waitlist_entries set status = joined.status, ended_at = app_hidden.now() where joined.status <> 'waiting' and waitlist_entries.given_name = joined.status and waitlist_entries.status = 'waiting';
$$;
create function pg_temp.says(visitor text default null, address inet default null, patient text default null) returns text language plpgsql as $$
declare
  v_entry app_public.waitlist_entries;
  v_reason text;
  v_detail text;
begin
  select c.organization_id, c.id, visitor, address, case when patient is not null then tests.id(patient) end
  into v_entry.organization_id, v_entry.calendar_id, v_entry.visitor_id, v_entry.address, v_entry.patient_profile_id
  from app_public.calendars c where c.id = tests.id('mondays');
  perform app_private.require_waitlist_allowance(v_entry);
  return 'fine';
exception when others then
  get stacked diagnostics v_reason = message_text, v_detail = pg_exception_detail;
  return concat_ws(' ', v_reason, v_detail::jsonb ->> 'retryAfterSeconds', v_detail::jsonb ->> 'limit');
end $$;

-- In an hour, in a day.
select pg_temp.joined(2, '59 minutes 59 seconds', 'often', '198.51.100.1');
select is(pg_temp.says('often', '198.51.100.2'), 'too_many_waits 1', 'a visitor twice in an hour');
select is(pg_temp.says('other', '198.51.100.1'), 'too_many_waits 1', 'a network as well');
select is(pg_temp.says('other', '198.51.100.2'), 'fine', 'another visitor of another network is counted for itself, and by no limit of something else');
select is(pg_temp.says('often'), 'too_many_waits 1', 'one of whom no network is known');
select is(pg_temp.says(address => '198.51.100.1'), 'too_many_waits 1', 'a network of which no visitor is known');
select is(pg_temp.says(), 'fine', 'who is not known at all is not counted');
select tests.freeze_time('2027-03-01 10:00:01+02');
select is(pg_temp.says('often', '198.51.100.1'), 'fine', 'after an hour they may again');
select tests.freeze_time('2027-03-01 11:00+02'), pg_temp.joined(1, '0', 'often', '198.51.100.1');
select is(pg_temp.says('often', '198.51.100.2'), 'too_many_waits 79201', 'a third time is enough for a day');
select is(pg_temp.says('other', '198.51.100.1'), 'too_many_waits 79201', 'of a network, too');
select tests.freeze_time('2027-03-02 09:00:00+02');
select is(pg_temp.says('often', '198.51.100.1'), 'too_many_waits 1', 'to its last second');
select tests.freeze_time('2027-03-02 09:00:01+02');
select is(pg_temp.says('often', '198.51.100.1'), 'fine', 'then the next may come');

-- Of a person.
select pg_temp.joined(1, '2 days', 'often', calendar => 'others'), pg_temp.joined(3, '2 days', 'often', calendar => 'theirs');
select is(pg_temp.says('often'), 'fine', 'four waits at the clinic');
select pg_temp.joined(1, '2 days', 'often', status => 'left', calendar => 'others');
select is(pg_temp.says('often'), 'fine', 'what is over counts no more');
select pg_temp.joined(1, '2 days', 'often', calendar => 'others');
select is(pg_temp.says('often'), 'waits_too_often 5', 'five are enough');
select is(pg_temp.says('often', patient => 'ana'), 'fine', 'a patient is counted by who waits');
select pg_temp.joined(5, '2 days', 'friend', patient => 'ana');
select is(pg_temp.says(patient => 'ana'), 'waits_too_often 5', 'whoever writes them down');
select is(pg_temp.says('friend', patient => 'bogdan'), 'fine', 'and another is another');

-- Of a calendar.
set local session_replication_role = replica; -- So many by triggers take a second.
select pg_temp.joined(491, '2 days');
set local session_replication_role = origin;
select pg_temp.joined(1, '2 days', status => 'left'), pg_temp.joined(1, '2 days', calendar => 'others'), pg_temp.joined(1, '2 days', calendar => 'theirs');
select is(pg_temp.says(), 'fine', 'four hundred and ninety-nine');
select pg_temp.joined(1, '2 days');
select is(pg_temp.says(), 'waitlist_is_full 500', 'and five hundred');
select * from finish();
rollback;
