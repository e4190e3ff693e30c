-- Test: review_appointment - once, by the patient, after it was done; few stars are told to those who are to hear. APT-04.
begin;
select plan(47);
select tests.freeze_time('2027-03-08 10:00+02');
select tests.clinic('boreal');
select tests.staff('nicu', 'owner');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.staff('adrian', 'admin');
select tests.staff('flavia', 'front_desk');
select tests.staff('felix', 'admin');
update app_public.memberships set ended_at = app_hidden.now() where human_id = tests.id('felix');
select tests.specialist('stefan', account => true);
select tests.specialist('mihai');
select tests.patient('ana');
select tests.patient('bogdan');
select tests.calendar('visits', '{stefan,mihai}');
select tests.appointment(n, 'ana', 'visits', 'stefan', '2027-03-08 09:00+02'::timestamptz - make_interval(days => i::int))
from unnest('{first,second,third,fourth,fifth}'::text[]) with ordinality as v (n, i);
create function pg_temp.done(name text) returns void language sql as $$
  update app_public.appointments set status = 'inprogress' where id = tests.id(done.name);
  update app_public.appointments set status = 'done' where id = tests.id(done.name);
$$;
select pg_temp.done(n) from unnest('{first,second,third,fourth}'::text[]) as n;
create function pg_temp.told() returns text[] language sql as $$
  select array_agg(h.display_name || ' ' || m.channel order by h.display_name, m.channel)
  from app_public.messages m join app_public.humans h on h.principal_id::text = m.recipient where m.template_key = 'review_low_rating' $$;
create function pg_temp.consume() returns void language sql as $$
  select app_private.consume_notifications(id) from app_private.events where name = 'review.low_rating' $$;

select tests.act_as('ana');
select * from tests.refuses($$select app_public.review_appointment(tests.id('fifth'), 5)$$, 'STATE', 'appointment_not_done', 'before it was done');
select * from tests.refuses($$select app_public.review_appointment(tests.id('first'), 0)$$, 'VALIDATION', 'rating_out_of_range', 'no star');
select * from tests.refuses($$select app_public.review_appointment(tests.id('first'), 6)$$, 'VALIDATION', 'rating_out_of_range', 'six stars');
select * from tests.refuses($$select app_public.review_appointment(tests.id('first'), 5, repeat('x', 2001))$$, 'VALIDATION', 'comment_too_long', 'a novel');
select * from tests.refuses($$select app_public.review_appointment(uuidv7(), 5)$$, 'NOT_FOUND', 'appointment_not_found', 'no appointment');
select tests.act_as('bogdan');
select * from tests.refuses($$select app_public.review_appointment(tests.id('first'), 1)$$, 'NOT_FOUND', 'appointment_not_found', 'another patient');
select tests.act_as('olga');
select * from tests.refuses($$select app_public.review_appointment(tests.id('first'), 5)$$, 'NOT_FOUND', 'appointment_not_found', 'nobody of the clinic');

select tests.act_as('ana');
select is((app_public.review_appointment(tests.id('first'), 5, repeat('x', 2000))).rating, 5, 'five stars, and as long as may be');
select is((app_public.review_appointment(tests.id('second'), 3, e' \n ')).comment, null, 'a comment that says nothing is none');
reset role;
select is((select count(*)::int from app_private.events where name = 'review.low_rating'), 0, 'three of five is no alarm');
select tests.act_as('ana');
select is((app_public.review_appointment(tests.id('third'), 2, ' Am așteptat mult. ')).comment, 'Am așteptat mult.', 'two stars, and why');
select * from tests.refuses($$select app_public.review_appointment(tests.id('third'), 5)$$, 'CONFLICT', 'reviewed_already', 'it is said once');
select throws_ok($$update app_public.appointment_reviews set rating = 5$$, '42501', null, 'and not said otherwise');
select throws_ok($$delete from app_public.appointment_reviews$$, '42501', null, 'nor taken back');
reset role;
select is((select count(*)::int from app_private.events where name = 'review.low_rating'), 1, 'one event');
select pg_temp.consume();
select is(pg_temp.told(), '{"Adrian email","Adrian in_app","Olga email","Olga in_app"}', 'owner and administrator are told, by mail and inbox');
select pg_temp.consume();
select is(pg_temp.told(), '{"Adrian email","Adrian in_app","Olga email","Olga in_app"}', 'once');
update app_public.memberships set ended_at = app_hidden.now() where organization_id = tests.id('atlas');
delete from app_public.messages;
select pg_temp.consume();
select is(pg_temp.told(), null, 'where nobody hears of it any more, nobody is told');
update app_public.memberships set ended_at = null where organization_id = tests.id('atlas') and human_id <> tests.id('felix');
select pg_temp.consume();
select is((select count(*)::int from app_public.messages where template_key = 'review_low_rating' and data::text ~ 'teptat|Ana P'), 0, 'nothing of what was written leaves');

-- A clinic decides how few are few, and who is told.
select tests.act_as('adrian');
update app_public.organizations set low_rating_below = 1 where id = tests.id('atlas');
reset role;
select tests.act_as('ana');
reset role;
update app_public.appointments set deleted_at = app_hidden.now() where id = tests.id('fourth');
select tests.act_as('ana');
select * from tests.refuses($$select app_public.review_appointment(tests.id('fourth'), 1)$$, 'NOT_FOUND', 'appointment_not_found', 'one that was removed');
reset role;
update app_public.appointments set deleted_at = null where id = tests.id('fourth');
update app_public.patients set deleted_at = app_hidden.now() where id = tests.id('ana at atlas');
select tests.act_as('ana');
select * from tests.refuses($$select app_public.review_appointment(tests.id('fourth'), 1)$$, 'NOT_FOUND', 'appointment_not_found', 'nor who is no patient any more');
reset role;
update app_public.patients set deleted_at = null where id = tests.id('ana at atlas');
select tests.act_as('ana');
select app_public.review_appointment(tests.id('fourth'), 1);
reset role;
select is((select count(*)::int from app_private.events where name = 'review.low_rating'), 1, 'a clinic may want to hear of none');
select tests.act_as('adrian');
select throws_ok($$update app_public.organizations set low_rating_below = 0 where id = tests.id('atlas')$$, '23514', null, 'not less than one');
select throws_ok($$update app_public.organizations set low_rating_below = 7 where id = tests.id('atlas')$$, '23514', null, 'nor more than six');

-- Who reads them.
select is((select count(*)::int from app_public.appointment_reviews), 4, 'the administrator reads all');
select results_eq($$select review_count, average_rating from app_public.specialist_ratings(tests.id('atlas')) where specialist_id = tests.id('stefan')$$,
  $$values (4, 2.75)$$, 'and the average');
select is((select count(*)::int from app_public.specialist_ratings(tests.id('atlas'))), 1, 'of those who have reviews');
select tests.act_as('ana');
select is((select count(*)::int from app_public.appointment_reviews), 4, 'the patient reads their own');
select * from tests.refuses($$select app_public.specialist_ratings(tests.id('atlas'))$$, 'NOT_FOUND', 'not_found', 'and no average');
select tests.act_as('bogdan');
select is((select count(*)::int from app_public.appointment_reviews), 0, 'another patient none');
select tests.act_as('flavia');
select is((select count(*)::int from app_public.appointment_reviews), 0, 'nor the front desk');
select * from tests.refuses($$select app_public.specialist_ratings(tests.id('atlas'))$$, 'FORBIDDEN', 'permission_missing', 'which needs the permission');
select tests.act_as('nicu');
select is((select count(*)::int from app_public.appointment_reviews), 0, 'nor another clinic');
reset role;
select tests.appointment('old', 'ana', 'visits', 'mihai', '2027-02-06 08:00+02');
select pg_temp.done('old');
select tests.act_as('ana');
select * from tests.refuses($$select app_public.review_appointment(tests.id('old'), 5)$$, 'STATE', 'review_too_late', 'a month later it is too late');
select * from finish();
rollback;
