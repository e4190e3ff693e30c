-- Test: free_resources, needs_resources, take_resources - a room is the clinic's own, in use, and free: not under a hold that stands, nor an appointment. SCH-11, FND-05.
begin;
select plan(7);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.resource('A northern cabinet', 'cabinet');
select tests.clinic('atlas');
select tests.specialist('ana'), tests.specialist('bogdan');
select tests.calendar('by ana', '{ana}'), tests.calendar('in the garden', '{ana}');
select tests.needs('by ana', 'cabinet');
select tests.resource(name, 'cabinet') from unnest('{B not in use,C removed,D,E}'::text[]) name;
update app_public.resources set is_active = false where id = tests.id('B not in use');
update app_public.resources set deleted_at = app_hidden.now() where id = tests.id('C removed');
create function pg_temp.free() returns text language sql as $$
  select string_agg(r.name, ', ') from app_public.resources r
  where r.id = any (app_private.free_resources(tests.id('atlas'), tests.id('by ana'), '[2027-03-08 09:00+02,2027-03-08 10:00+02)')) $$;
create function pg_temp.takes(specialist text, kind text, resource text) returns void language sql as $$
  insert into app_private.resource_claims (organization_id, resource_id, claim_id, blocked)
  select tests.id('atlas'), tests.id(resource), tests.claim(specialist, '2027-03-08 09:30+02', kind => kind), '[2027-03-08 09:30+02,2027-03-08 10:30+02)' $$;

select is(array(select app_private.needs_resources(tests.id('atlas'), tests.id(c)) from unnest('{by ana,in the garden}'::text[]) c), '{t,f}', 'one calendar needs a room, and no other');
select is(pg_temp.free(), 'D', 'the first by name: not another clinic''s, nor one that is not in use, nor one that is gone');
select pg_temp.takes('ana', 'hold', 'D');
select is(pg_temp.free(), 'E', 'one that is held is not free');
select tests.freeze_time('2027-03-01 08:10+02');
select is(pg_temp.free(), 'D', 'until the hold is over');
delete from app_private.resource_claims;
select pg_temp.takes('bogdan', 'appointment', 'D');
select is(pg_temp.free(), 'E', 'one with an appointment is not free');
update app_public.resources set is_active = false where id = tests.id('E');
select is(pg_temp.free(), null, 'without the other there is none');

-- What is taken ends what an expired hold had at that time, and at no other.
delete from app_private.resource_claims;
create function pg_temp.held(at timestamptz) returns uuid language plpgsql as $$
declare v_claim uuid := tests.claim('ana', at, kind => 'hold');
begin
  insert into app_private.resource_claims (organization_id, resource_id, claim_id, blocked) values (tests.id('atlas'), tests.id('D'), v_claim, tstzrange(at, at + interval '1 hour'));
  return v_claim;
end $$;
select tests.remember('then', pg_temp.held('2027-03-15 09:00+02')), tests.remember('later', pg_temp.held('2027-03-15 14:00+02'));
select tests.freeze_time('2027-03-01 08:20+02');
select tests.remember('new', tests.claim('bogdan', '2027-03-15 09:30+02'));
select app_private.take_resources(c, array[tests.id('D')]) from app_private.time_claims c where c.id = tests.id('new');
select set_eq('select claim_id from app_private.resource_claims', $$values (tests.id('later')), (tests.id('new'))$$, 'a room is taken over from the hold that is over and lies there');
select * from finish();
rollback;
