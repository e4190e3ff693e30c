-- Test: require_not_suspended, is_suspended - while a clinic is suspended, or has left, each verb that begins something refuses; what is under way, read or paid goes on. BIL-05.
begin;
select plan(107);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('beata', 'admin'), tests.patient('dan'), tests.plan('northern', 10);
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.staff('olga', 'owner');
select tests.patient('ana'), tests.patient('ela', account => false);
select tests.specialist('stefan', '{"mon": [["09:00", "17:00"]]}');
select tests.calendar('mondays', '{stefan}');
select tests.plan('ten', 10), tests.tier('gold'), tests.tier('silver');
select tests.remember('squat', tests.published_exercise('squat')), tests.treatment_plan('knee', 1, 0), set_config('tests.clinic', 'atlas', true);
update app_public.organizations set telerehab_access_is_free = true where id = tests.id('atlas');
select tests.hold('kept', 'mondays', 'stefan', '2027-03-08 09:00+02'), tests.hold('asked', 'mondays', 'stefan', '2027-03-08 10:00+02');
select tests.booking_request('a guest''s', 'mondays', 'stefan', '2027-03-08 11:00+02'), tests.booking_request('another', 'mondays', 'stefan', '2027-03-08 12:00+02');
select tests.act_as('adrian');
select tests.remember('booked', (app_public.book_directly(tests.id('mondays'), '2027-03-08 13:00+02', tests.id('ana'))).id);
select tests.remember('agreed', (app_public.start_subscription(tests.id('ana at atlas'), tests.id('gold'), 'pending')).id);
select tests.remember('waits', (app_public.join_waitlist(tests.id('mondays'), '2027-03-01', '2027-04-30', patient_profile_id => tests.id('ana'))).waitlist_entry_id);
select tests.remember('offered', (app_public.offer_time(tests.id('waits'), '2027-03-15 11:00+02')).id);
select tests.remember('waits too', (app_public.join_waitlist(tests.id('mondays'), '2027-03-01', '2027-04-30', patient_profile_id => tests.id('ela'))).waitlist_entry_id);
select tests.act_as('the database');
select tests.offered_tier('plus');
select tests.billing_details('atlas'), tests.clinic_subscribed('plus', clinic => 'atlas');

create temporary table begins (verb text, statement text);
grant select on begins to public;
insert into begins values
  ('hold_slot', $$select app_public.hold_slot(tests.id('mondays'), '2027-03-22 09:00+02')$$),
  ('request_booking', $$select app_public.request_booking(tests.token('asked'), 'Ion', 'Pop', 'ion@people.test', '0722 111 222')$$),
  ('book_appointment', $$select app_public.book_appointment(tests.token('kept'), tests.id('ana'))$$),
  ('book_directly', $$select app_public.book_directly(tests.id('mondays'), '2027-03-22 10:00+02', tests.id('ana'))$$),
  ('book_series', $$select app_public.book_series(tests.id('mondays'), '2027-03-22 11:00+02', tests.id('ana'), 2)$$),
  ('confirm_booking_request', $$select app_public.confirm_booking_request(tests.id('a guest''s'), as_new_patient => true)$$),
  ('join_waitlist', $$select app_public.join_waitlist(tests.id('mondays'), '2027-03-01', '2027-03-31', patient_profile_id => tests.id('ana'))$$),
  ('offer_time', $$select app_public.offer_time(tests.id('waits too'), '2027-03-22 12:00+02')$$),
  ('take_offer', $$select app_public.take_offer(encode(sha256('offer'), 'hex'))$$),
  ('take_own_offer', $$select app_public.take_own_offer(tests.id('offered'))$$),
  ('enrol_patient', $$select app_public.enrol_patient(tests.id('ana at atlas'), tests.id('ten'))$$),
  ('start_subscription', $$select app_public.start_subscription(tests.id('ela at atlas'), tests.id('gold'))$$),
  ('change_subscription_tier', $$select app_public.change_subscription_tier(tests.id('agreed'), tests.id('silver'))$$),
  ('move_subscription', $$select app_public.move_subscription(tests.id('agreed'), 'active')$$),
  ('grant_access', $$select app_public.grant_access(tests.id('ana at atlas'), 'library_access', 'A gift')$$),
  ('assign_treatment_plan', $$select app_public.assign_treatment_plan(tests.id('ana at atlas'), tests.id('knee'), '2027-03-01')$$),
  ('invite_patient', $$select app_public.invite_patient(tests.id('atlas'), tests.id('ela'), 'ela@people.test')$$);
-- What visitors are refused alone.
create temporary table lists (verb text, statement text);
grant select on lists to public;
insert into lists values
  ('available_slots', $$select count(*) from app_public.available_slots(tests.id('mondays'), '2027-03-08 00:00+02', '2027-03-09 00:00+02')$$),
  ('available_days', $$select count(*) from app_public.available_days(tests.id('mondays'), '2027-03-08', '2027-03-10')$$),
  ('next_available', $$select count(*) from app_public.next_available(tests.id('mondays'), 3)$$);
select is(
  array(select verb from begins union all select verb from lists order by 1), array(select tests.verbs_that_ask_for_suspension() order by 1),
  'every verb that asks is tried here');
create function pg_temp.status(to_status text) returns void language plpgsql security definer as $$
begin
  update app_public.organization_subscriptions set status = to_status, ended_at = case when to_status = 'canceled' then app_hidden.now() end
  where organization_id = tests.id('atlas');
end $$;
-- What an open clinic lets through, taken back each time.
create function pg_temp.passes(statement text) returns text language plpgsql as $$
begin
  execute statement;
  raise exception 'it passes';
exception when others then
  return sqlstate || ' ' || sqlerrm;
end $$;
-- Of a token nobody knows it is said that there is no such offer, suspended or not.
delete from begins where verb = 'take_offer';

select tests.act_as('adrian');
select is(pg_temp.passes(statement), 'P0001 it passes', 'active: ' || verb) from begins;
select tests.act_as('the database'); select pg_temp.status('past_due'); select tests.act_as('adrian');
select is(pg_temp.passes(statement), 'P0001 it passes', 'past due: ' || verb) from begins;
select tests.act_as('the database'); select pg_temp.status('suspended'); select tests.act_as('adrian');
select refused from begins cross join lateral tests.refuses(statement, 'STATE', 'clinic_suspended', 'suspended: ' || verb) as refused;

-- Whoever watches the times on the page is told to ask again.
select tests.act_as('the database');
create function pg_temp.told() returns bigint language sql as $$
  select count(*) from app_hidden.listing_changes(array[tests.id('mondays')], '1 hour') where change is not null and days is null $$;
create temporary table told as select pg_temp.told() as times;
select pg_temp.status('past_due'), pg_temp.status('suspended');
update app_public.organization_subscriptions set settle_at = app_hidden.now() + interval '1 day' where organization_id = tests.id('atlas');
select is(pg_temp.told(), (select times + 2 from told), 'each move of the subscription is told as a change of all days, and nothing else of it');
select tests.act_as('adrian');

-- What is under way goes on.
select is((app_public.reschedule_appointment(tests.id('booked'), '2027-03-15 13:00+02')).starts_at, '2027-03-15 13:00+02', 'what is booked is moved');
select is((app_public.reject_booking_request(tests.id('another'), 'No time')).status, 'rejected', 'a request is answered');
select is((app_public.move_subscription(tests.id('agreed'), 'canceled')).status, 'canceled', 'what was agreed is called off');
select isnt((app_public.invite_member(tests.id('atlas'), 'new@people.test', 'New', array[tests.role_id('billing')])).id, null, 'who pays is invited');
select is((select count(*) from app_public.patients), 2::bigint, 'all of it is read');
select is((app_public.cancel_appointment(tests.id('booked'))).status, 'cancelled', 'and called off');
select tests.act_as('the worker');
select is(app_private.offer_next_time(tests.id('atlas')), null, 'nobody who waits is offered a time');

-- A visitor and a patient are told the same.
select tests.act_as('a visitor');
select * from tests.refuses($$select app_public.hold_slot(tests.id('mondays'), '2027-03-22 09:00+02')$$, 'STATE', 'clinic_suspended', 'a visitor holds nothing');
select refused from lists cross join lateral tests.refuses(statement, 'STATE', 'clinic_suspended', 'and is listed nothing: ' || verb) as refused;
select tests.act_as('ana');
select * from tests.refuses($$select app_public.hold_slot(tests.id('mondays'), '2027-03-22 09:00+02')$$, 'STATE', 'clinic_suspended', 'nor does a patient');

select is(pg_temp.passes(statement), 'P0001 it passes', 'a patient sees where what is booked can be moved to: ' || verb) from lists;
-- Another clinic is another matter.
select tests.act_as('beata');
select isnt((app_public.enrol_patient(tests.id('dan at boreal'), tests.id('northern'))).id, null, 'a clinic that never subscribed is no customer yet: nothing is blocked');

-- Who has left takes nothing new either; and who subscribes anew does, once that has begun.
select tests.act_as('the database'); select pg_temp.status('canceled'); select tests.act_as('adrian');
select is(pg_temp.passes(statement), 'RX412 clinic_suspended', 'canceled: ' || verb) from begins where verb <> 'move_subscription' and verb <> 'change_subscription_tier';
select tests.act_as('the database');
select tests.clinic_subscribed('plus', clinic => 'atlas', status => 'pending');
select ok(app_private.is_suspended(tests.id('atlas')), 'a subscription that has not begun changes nothing');
select app_private.begin_organization_subscription(s) from app_public.organization_subscriptions s where s.status = 'pending';
select ok(not app_private.is_suspended(tests.id('atlas')), 'one that has begun does');
select tests.act_as('a visitor');
select is(pg_temp.passes(statement), 'P0001 it passes', 'and visitors are listed its times again: ' || verb) from lists;
select tests.act_as('the database');
select ok(not app_private.is_suspended(uuidv7()), 'of a clinic that is not there nobody knows');
select * from finish();
rollback;
