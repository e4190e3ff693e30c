-- Test: tg_guard_state - a status moves along the table whoever writes, the superuser included. APT-01, APT-09.
begin;
select plan(22);
select tests.freeze_time('2027-03-08 08:00+02');
select tests.clinic('atlas');
select tests.patient('ana');
select tests.specialist('stefan');
select tests.calendar('mondays', '{stefan}');
select tests.appointment('visit', 'ana', 'mondays', 'stefan', '2027-03-08 10:00+02');
select tests.booking_request('request', 'mondays', 'stefan', '2027-03-15 10:00+02');

select * from tests.refuses($$update app_public.appointments set status = 'done'$$, 'STATE', 'illegal_move', 'from booked straight to done');
select * from tests.refuses($$update app_public.appointments set status = 'inprogress'$$, 'STATE', 'too_early', 'to begin before its time');
select * from tests.refuses($$update app_public.appointments set status = 'lost'$$, 'STATE', 'illegal_move', 'to a state that does not exist');
select * from tests.refuses($$update app_public.appointments set status = null$$, 'STATE', 'illegal_move', 'to none');
select * from tests.refuses($$update app_public.appointments set status = 'noshow'$$, 'STATE', 'too_early', 'to no-show before the start');
select * from tests.refuses($$update app_public.booking_requests set status = 'expired'$$, 'STATE', 'too_early', 'a request does not expire before its time');
select * from tests.refuses(
  $$insert into app_public.booking_requests (organization_id, calendar_id, service_id, specialist_id, claim_id, status, given_name, family_name, email, phone, locale, starts_at, ends_at, price_amount, currency, respond_by, token_hash)
    select organization_id, calendar_id, service_id, specialist_id, uuidv7(), 'confirmed', given_name, family_name, email, phone, locale, starts_at, ends_at, price_amount, currency, respond_by, sha256('x') from app_public.booking_requests$$,
  'STATE', 'illegal_move', 'a request is not born confirmed');
create function pg_temp.details_of(statement text) returns jsonb language plpgsql as $$
declare v text; begin execute statement; return null; exception when others then get stacked diagnostics v = pg_exception_detail; return v; end $$;
select is(
  pg_temp.details_of($$update app_public.booking_requests set status = 'lost'$$),
  '{"entity": "booking_requests", "from": "requested", "to": "lost", "legal": ["confirmed", "expired", "rejected", "withdrawn"]}', 'the refusal says what is legal');

-- Every answer is final.
create function pg_temp.put(status text) returns void language plpgsql as $$
begin
  alter table app_public.booking_requests disable trigger user;
  execute format('update app_public.booking_requests set status = %L', status);
  alter table app_public.booking_requests enable trigger user;
end $$;
create function pg_temp.legal_from(status text) returns jsonb language plpgsql as $$
begin
  perform pg_temp.put(status);
  return pg_temp.details_of($q$update app_public.booking_requests set status = 'requested'$q$) -> 'legal';
end $$;
select is(pg_temp.legal_from(s), '[]', s || ' is final') from unnest('{confirmed,rejected,expired,withdrawn}'::text[]) s;
select pg_temp.put('requested');
select throws_ok(
  format('insert into app_private.state_transitions (entity, from_state, to_state, actor, permission) values (%L, %L, %L, %L, %L)', 'appointments', 'done', 'booked', 'staff', null),
  '23514', null, 'a move by staff names a permission');
select tests.act_as('the engine');
select throws_ok($$delete from app_private.state_transitions$$, '42501', null, 'not even the engine changes the table');
select tests.act_as('the worker');
select throws_ok($$select * from app_private.state_transitions$$, '42501', null, 'nobody else reads it');
select * from finish();
rollback;
