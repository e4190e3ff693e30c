-- Test: withdraw_consent - without the clinic's terms the person is no patient there, without the platform's the erasure of the account is asked for. FND-18.
begin;
select plan(21);
select tests.clinic('boreal');
select tests.patient('ana', 'boreal');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.specialist('stefan', '{"mon": [["09:00", "17:00"]]}');
select tests.calendar('calendar', specialists => '{stefan}');
select tests.patient('ana', 'atlas'), tests.patient('bogdan', 'atlas');
select tests.appointment('to come', 'ana', 'calendar', 'stefan', app_hidden.now() + interval '3 days');
select tests.appointment('of bogdan', 'bogdan', 'calendar', 'stefan', app_hidden.now() + interval '4 days');
select tests.appointment('over', 'ana', 'calendar', 'stefan', app_hidden.now() - interval '3 days');
select tests.appointment('cancelled before', 'ana', 'calendar', 'stefan', app_hidden.now() + interval '5 days'), tests.appointment('removed before', 'ana', 'calendar', 'stefan', app_hidden.now() + interval '6 days'),
  tests.appointment('ends now', 'ana', 'calendar', 'stefan', app_hidden.now() - interval '1 hour');
update app_public.appointments set status = 'cancelled' where id = tests.id('cancelled before');
update app_public.appointments set deleted_at = app_hidden.now() - interval '1 day' where id = tests.id('removed before');
update app_public.appointments set ends_at = app_hidden.now() where id = tests.id('ends now');
select tests.specialist('elena', '{"mon": [["09:00", "17:00"]]}', clinic => 'boreal');
select tests.calendar('elsewhere', specialists => '{elena}', clinic => 'boreal');
select tests.appointment('at boreal', 'ana', 'elsewhere', 'elena', app_hidden.now() + interval '3 days');
select tests.consent('ana', 'marketing_email'), tests.consent('ana', 'org_terms', clinic => 'boreal');
select app_private.count_assignment(a.claim_id) from app_public.appointments a where a.id in (tests.id('to come'), tests.id('of bogdan'));
select tests.act_as((select principal_id from tests.personas where name = 'ana'));
select is_empty($$select app_public.withdraw_consent('org_terms', tests.id('ana at atlas'))$$, 'who accepted no terms withdraws none');
select is((select count(*) from app_public.patients), 2::bigint, 'and stays a patient');
select app_public.give_consent(tests.version_id('org_terms', 'atlas'), tests.id('ana at atlas'));
select is((select count(*) from app_public.withdraw_consent('org_terms', tests.id('ana at atlas'))), 1::bigint, 'the terms are withdrawn');
select results_eq('select organization_id from app_public.patients', $$select tests.id('boreal')$$, 'the person is a patient of the other clinic alone');
select is((select count(*) from app_public.consents where organization_id = tests.id('atlas')), 2::bigint, 'and still sees what they answered there');
select tests.act_as('the database');
select results_eq($$select name, status, deleted_at is not null from tests.names n join app_public.appointments a on a.id = n.id order by 1$$,
  $$values ('at boreal', 'booked', false), ('cancelled before', 'cancelled', true), ('ends now', 'booked', true), ('of bogdan', 'booked', false), ('over', 'booked', true), ('removed before', 'booked', true), ('to come', 'cancelled', true)$$,
  'what was to come is cancelled, and the appointments go along');
select isnt((select c.released_at from app_private.time_claims c join app_public.appointments a on a.claim_id = c.id where a.id = tests.id('to come')), null, 'the time is free');
select is((select t.assigned_count from app_private.specialist_assignment_tracking t where t.specialist_id = tests.id('stefan')), 1::bigint, 'and the turn of the specialist who would have had it is given back');
select ok('appointment.cancelled' = any (tests.events_of(tests.id('to come'))), 'those concerned are told');
select is(app_private.may_contact(tests.id('atlas'), tests.id('ana'), null, 'email', 'marketing'), false, 'nobody writes to them any more');
select is((select c.withdrawn_at from app_public.consents c where c.purpose_code = 'marketing_email'), null, 'what was not withdrawn is not');
select tests.act_as('adrian');
select isnt(app_public.restore_deleted_row('patients', tests.id('ana at atlas')), null, 'the record comes back like any other');

select tests.act_as((select principal_id from tests.personas where name = 'ana'));
select app_public.give_consent(tests.version_id('platform_terms'));
select is((select count(*) from app_public.withdraw_consent('platform_terms')), 1::bigint, 'the platform''s terms are withdrawn');
select results_eq('select human_id, cause from app_public.erasure_requests', $$select principal_id, 'platform_terms_withdrawn' from tests.personas where name = 'ana'$$, 'the person sees that the erasure is asked for');
select is(tests.events_of((select id from app_public.erasure_requests)), '{erasure.requested}', 'and it is told of');
select app_public.give_consent(tests.version_id('platform_terms'));
select is((select count(*) from app_public.withdraw_consent('platform_terms')), 1::bigint, 'accepted and withdrawn once more');
select is((select count(*) from app_public.erasure_requests), 1::bigint, 'it is asked for once');
select tests.act_as('bogdan');
select is((select count(*) from app_public.erasure_requests), 0::bigint, 'nobody else sees it');
select tests.act_as('adrian');
select is((select count(*) from app_public.erasure_requests), 0::bigint, 'nor does the clinic');
select * from tests.refuses($$insert into app_public.erasure_requests (human_id, cause) select principal_id, 'platform_terms_withdrawn' from tests.personas where name = 'adrian'$$, '42501', null, 'nobody writes it by hand');
select tests.act_as('the database');
select * from finish();
rollback;
