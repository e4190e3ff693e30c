-- Test: reinstate_appointment - what was called off takes place after all, while its time is free and its plan has a session. APT-01, APT-02, CAT-04.
begin;
select plan(24);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('boreal'), tests.staff('otto', 'owner');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk'), tests.staff('stefan', 'specialist'), tests.specialist('dr stefan', '{"mon": [["09:00", "18:00"]]}');
select tests.patient('ana'), tests.patient('bogdan');
select tests.service('massage', specialists => '{dr stefan}'), tests.calendar('massages', '{dr stefan}', service => 'massage');
select tests.plan('one', 1), tests.has_plan('ana', 'one');
create function pg_temp.book(name text, at timestamptz, patient text default 'ana') returns void language plpgsql as $$
begin
  perform tests.act_as('flavia');
  perform tests.remember(name, (app_public.book_directly(tests.id('massages'), at, tests.id(patient))).id);
  perform tests.act_as('the database');
end $$;
create function pg_temp.is_now(name text) returns text language sql as $$
  select concat_ws(' ', status, plan_session_number, price_amount, cancellation_reason, is_late_cancellation) from app_public.appointments where id = tests.id(name) $$;
create function pg_temp.turns() returns bigint language sql as $$ select assigned_count from app_private.specialist_assignment_tracking where calendar_id = tests.id('massages') $$;

select pg_temp.book('visit', '2027-03-01 14:00+02');
select tests.act_as('flavia');
select tests.refuses($$select app_public.reinstate_appointment(tests.id('visit'))$$, 'STATE', 'appointment_not_cancelled', 'what stands is not reinstated');
select is((app_public.cancel_appointment(tests.id('visit'), 'By mistake')).status, 'cancelled', 'it is called off');
select tests.act_as('ana');
select tests.refuses($$select app_public.reinstate_appointment(tests.id('visit'))$$, 'NOT_FOUND', 'not_found', 'a patient asks the clinic');
select tests.act_as('stefan');
select tests.refuses($$select app_public.reinstate_appointment(tests.id('visit'))$$, 'FORBIDDEN', 'permission_missing', 'a specialist front desk');
select tests.act_as('otto');
select tests.refuses($$select app_public.reinstate_appointment(tests.id('visit'))$$, 'NOT_FOUND', 'appointment_not_found', 'another clinic finds nothing');
select tests.act_as('flavia');
select set_config('app.idempotency_key', 'once', true);
select is((app_public.reinstate_appointment(tests.id('visit'))).status, 'booked', 'front desk takes it back');
select is((app_public.reinstate_appointment(tests.id('visit'))).status, 'booked', 'once, however often it is asked');
select set_config('app.idempotency_key', '', true);
select tests.act_as('the database');
select is(pg_temp.is_now('visit'), 'booked 1 0', 'by its plan again');
select is(tests.ledger('ana', 'one'), '{grant 1 = 1,debit 1 = 0,restore 1 = 1,debit 1 = 0}', 'with one session');
select is(pg_temp.turns(), 1::bigint, 'the turn counts again');
select is((select released_at from app_private.time_claims where id = (select claim_id from app_public.appointments where id = tests.id('visit'))), null, 'the time is taken again');
select is((select count(*) from app_private.events where subject_id = tests.id('visit') and name = 'appointment.reinstated'), 1::bigint, 'and it is published');

-- The time, or the session, went to somebody else.
select tests.act_as('flavia');
select is((app_public.cancel_appointment(tests.id('visit'))).status, 'cancelled', 'called off again');
select tests.act_as('the database');
select pg_temp.book('of bogdan', '2027-03-01 14:00+02', 'bogdan');
select tests.act_as('flavia');
select tests.refuses($$select app_public.reinstate_appointment(tests.id('visit'))$$, 'SLOT_TAKEN', 'slot_taken', 'whoever took the time keeps it');
select is((app_public.cancel_appointment(tests.id('of bogdan'))).status, 'cancelled', 'until they call it off');
select tests.act_as('the database');
select pg_temp.book('another', '2027-03-01 16:00+02');
select tests.act_as('flavia');
select tests.refuses($$select app_public.reinstate_appointment(tests.id('visit'))$$, 'NOT_READY', 'session_missing', 'the session was used for another');
select is((app_public.reinstate_appointment(tests.id('visit'), use_plan => false)).price_amount, 20000::bigint, 'so it is paid for');
select tests.act_as('the database');
select is(pg_temp.is_now('visit'), 'booked 20000', 'without a plan');
select * from finish();
rollback;
