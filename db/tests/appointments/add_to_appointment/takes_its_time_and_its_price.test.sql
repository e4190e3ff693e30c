-- Test: add_to_appointment, remove_from_appointment - services and products at the price of the moment, with their time, until it is over. APT-02.
begin;
select plan(63);
select tests.freeze_time('2027-03-08 08:00+02');
select tests.clinic('boreal');
select tests.staff('nicu', 'front_desk');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.specialist('stefan', '{"mon": [["09:00", "13:00"]]}', account => true);
select tests.patient('ana');
select tests.patient('bogdan');
select tests.calendar('mondays', '{stefan}');
select tests.calendar('group', '{stefan}');
select tests.service('massage', 30, 9000);
select tests.service('euro', 30, 9000);
update app_public.services set currency = 'EUR' where id = tests.id('euro');
insert into app_public.products (organization_id, name, price_amount, currency) values (tests.id('atlas'), 'Band', 3000, 'RON'), (tests.id('boreal'), 'Theirs', 1, 'RON');
select tests.remember(name, id) from app_public.products;
select tests.appointment('first', 'ana', 'mondays', 'stefan', '2027-03-08 09:00+02');
select tests.appointment('second', 'bogdan', 'mondays', 'stefan', '2027-03-08 12:00+02');
create function pg_temp.ends(name text) returns text language sql security definer as $$
  select to_char(a.ends_at at time zone 'Europe/Bucharest', 'HH24:MI') || case when upper(tc.during) <> a.ends_at then ' and not the claim' else '' end
  from app_public.appointments a join app_private.time_claims tc on tc.id = a.claim_id where a.id = tests.id(name) $$;

create temporary table booked (name text, id uuid);
grant all on booked to public;
select tests.act_as('ana');
select * from tests.refuses($$select app_public.add_to_appointment(tests.id('first'), tests.id('massage'))$$, 'NOT_FOUND', 'not_found', 'the patient asks the clinic');
select tests.act_as('nicu');
select * from tests.refuses($$select app_public.add_to_appointment(tests.id('first'), tests.id('massage'))$$, 'NOT_FOUND', 'appointment_not_found', 'another clinic sees none');
select tests.act_as('flavia');
select * from tests.refuses($$select app_public.add_to_appointment(tests.id('first'))$$, 'VALIDATION', 'service_or_product', 'something');
select * from tests.refuses($$select app_public.add_to_appointment(tests.id('first'), tests.id('massage'), tests.id('Band'))$$, 'VALIDATION', 'service_or_product', 'and one thing');
select * from tests.refuses($$select app_public.add_to_appointment(tests.id('first'), tests.id('massage'), quantity => 0)$$, 'VALIDATION', 'quantity_out_of_range', 'none');
select * from tests.refuses($$select app_public.add_to_appointment(tests.id('first'), tests.id('massage'), quantity => 101)$$, 'VALIDATION', 'quantity_out_of_range', 'too many');
select * from tests.refuses($$select app_public.add_to_appointment(tests.id('first'), tests.id('massage'), quantity => null)$$, 'VALIDATION', 'quantity_out_of_range', 'nobody knows how many');
select * from tests.refuses($$select app_public.add_to_appointment(tests.id('first'), tests.id('massage'), minutes => -1)$$, 'VALIDATION', 'minutes_out_of_range', 'shorter');
select * from tests.refuses($$select app_public.add_to_appointment(tests.id('first'), product_id => tests.id('Band'), minutes => 1)$$, 'VALIDATION', 'minutes_out_of_range', 'a product takes no time');
select * from tests.refuses($$select app_public.add_to_appointment(tests.id('first'), product_id => tests.id('Theirs'))$$, 'NOT_FOUND', 'product_not_found', 'another clinic''s');
select * from tests.refuses($$select app_public.add_to_appointment(tests.id('first'), uuidv7())$$, 'NOT_FOUND', 'service_not_found', 'what there is not');
select * from tests.refuses($$select app_public.add_to_appointment(tests.id('first'), tests.id('euro'))$$, 'VALIDATION', 'other_currency', 'in another currency');
select * from tests.refuses($$select app_public.add_to_appointment(tests.id('first'), tests.id('massage'), quantity => 20)$$, 'VALIDATION', 'outside_hours', 'longer than the clinic is open');
select * from tests.refuses($$select app_public.add_to_appointment(tests.id('first'), tests.id('massage'), minutes => 1440)$$, 'VALIDATION', 'longer_than_a_day', 'longer than a day');

select set_config('tests.massage', a.id::text, true), is((a.price_amount, a.currency, a.added_minutes, a.quantity)::text, '(9000,RON,60,2)', 'a service takes its time, twice') from app_public.add_to_appointment(tests.id('first'), tests.id('massage'), quantity => 2) a;
select is(pg_temp.ends('first'), '11:00', 'so the appointment is longer, and its claim');
select is(tests.day('mondays', '2027-03-08'), '11:00', 'and its time is nobody else''s');
select is((select total_amount from app_public.appointments where id = tests.id('first')), 38000::bigint, 'the total is the price with all that was added');
select * from tests.refuses($$select app_public.add_to_appointment(tests.id('first'), tests.id('massage'), quantity => 3)$$, 'SLOT_TAKEN', 'slot_taken', 'what somebody else has is not added');
select is((app_public.add_to_appointment(tests.id('first'), tests.id('massage'), quantity => 3, minutes => 0)).added_minutes, 0, 'unless it takes no longer');
select set_config('tests.band', a.id::text, true), is(a.price_amount, 3000::bigint, 'a product') from app_public.add_to_appointment(tests.id('first'), product_id => tests.id('Band'), quantity => 2) a;
select is(pg_temp.ends('first'), '11:00', 'which takes no time');
select is((select total_amount from app_public.appointments where id = tests.id('first')), 38000::bigint + 27000 + 6000, 'all of it costs');
reset role;
update app_public.services set price_amount = 1 where id = tests.id('massage');
select tests.act_as('ana');
select is((select array_agg(price_amount order by price_amount) from app_public.appointment_add_ons), '{3000,9000,9000}', 'the patient reads it, at the price of then');
select is((select total_amount from app_public.appointments where id = tests.id('first')), 71000::bigint, 'and what it comes to');
select throws_ok($$delete from app_public.appointment_add_ons$$, '42501', null, 'and takes nothing back');
select tests.act_as('bogdan');
select is((select count(*)::int from app_public.appointment_add_ons), 0, 'another patient reads nothing');

-- It goes along to another time, and comes back.
select tests.act_as('flavia');
select * from tests.refuses($$select app_public.reschedule_appointment(tests.id('first'), '2027-03-15 12:00+02')$$, 'VALIDATION', 'outside_hours', 'where all of it does not fit, it does not go');
select is((app_public.reschedule_appointment(tests.id('first'), '2027-03-15 11:00+02')).ends_at, '2027-03-15 13:00+02'::timestamptz, 'where it does, it is as long');
select is(pg_temp.ends('first'), '13:00', 'and so is its claim');
select is((app_public.reschedule_appointment(tests.id('first'), '2027-03-15 12:00+02', override_reason => 'We stay')).ends_at, '2027-03-15 14:00+02'::timestamptz, 'staff set the hours aside');
select app_public.cancel_appointment(tests.id('first'));
select * from tests.refuses($$select app_public.add_to_appointment(tests.id('first'), product_id => tests.id('Band'))$$, 'STATE', 'appointment_is_over', 'nothing is added to what was called off');
select * from tests.refuses(format($$select app_public.remove_from_appointment(%L)$$, current_setting('tests.massage')), 'STATE', 'appointment_is_over', 'nor taken away');
select is((app_public.reinstate_appointment(tests.id('first'), 'We stay')).ends_at, '2027-03-15 14:00+02'::timestamptz, 'what takes place after all is as long as it was');
select is((app_public.remove_from_appointment(current_setting('tests.massage')::uuid)).ends_at, '2027-03-15 13:00+02'::timestamptz, 'without the massage it is shorter');
select is(pg_temp.ends('first'), '13:00', 'with its claim');
select * from tests.refuses(format($$select app_public.remove_from_appointment(%L)$$, current_setting('tests.massage')), 'NOT_FOUND', 'add_on_not_found', 'once');
select tests.act_as('nicu');
select * from tests.refuses($$select app_public.remove_from_appointment(current_setting('tests.band')::uuid)$$, 'NOT_FOUND', 'add_on_not_found', 'and by the clinic');

-- A room stays the same one, for longer; and groups have one length.
reset role;
select tests.resource('room', 'room'), tests.needs('group', 'room');
select tests.act_as('flavia');
insert into booked select 'room', a.id from app_public.book_directly(tests.id('group'), '2027-03-22 09:00+02', tests.id('ana')) a;
select isnt((app_public.add_to_appointment((select id from booked where name = 'room'), tests.id('massage'))).id, null, 'with a room');
reset role;
select is((select upper(blocked) from app_private.resource_claims), '2027-03-22 10:30+02'::timestamptz, 'which is taken for longer');
insert into app_private.time_claims (organization_id, specialist_id, kind, during, blocked)
select tests.id('atlas'), tests.specialist('mihai'), 'block', tstzrange('2027-03-22 11:00+02', '2027-03-22 12:00+02'), tstzrange('2027-03-22 11:00+02', '2027-03-22 12:00+02');
insert into app_private.resource_claims (organization_id, resource_id, claim_id, blocked)
select organization_id, tests.id('room'), id, blocked from app_private.time_claims where kind = 'block';
select tests.act_as('flavia');
select * from tests.refuses($$select app_public.add_to_appointment((select id from booked where name = 'room'), tests.id('massage'), quantity => 2)$$, 'SLOT_TAKEN', 'no_resource', 'unless somebody else has it then');
reset role;
select tests.capacity('group', 3);
select tests.act_as('flavia');
insert into booked select 'seat', a.id from app_public.book_directly(tests.id('group'), '2027-03-29 09:00+03', tests.id('ana')) a;
select * from tests.refuses($$select app_public.add_to_appointment((select id from booked where name = 'seat'), tests.id('massage'))$$, 'STATE', 'group_has_one_length', 'a group is as long as it is');
select isnt((app_public.add_to_appointment((select id from booked where name = 'seat'), tests.id('massage'), minutes => 0)).id, null, 'but for what takes no time');
select * from finish();
rollback;
