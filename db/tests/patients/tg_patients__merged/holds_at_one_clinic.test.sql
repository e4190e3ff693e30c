-- Test: tg_patients__merged - a merged patient comes back by undoing the merge; at another clinic, or once it is undone, the
-- person is a patient like any other. FND-34, FND-10.
begin;
select plan(7);
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.patient('kept', account => false);
select tests.patient('ana', account => false);
select tests.patient('bogdan', account => false);
select tests.remember('ana at boreal', tests.admitted(tests.id('boreal'), tests.id('ana')));
select tests.act_as('adrian');
select tests.remember('merge', (app_public.merge_patients(tests.id('kept at atlas'), tests.id('ana at atlas'), 'The same person')).id);
select * from tests.refuses($$select app_public.restore_deleted_row('patients', tests.id('ana at atlas'))$$, 'CONFLICT', 'patient_was_merged', 'not by hand');
select app_public.remove_patient(tests.id('bogdan at atlas'));
select lives_ok($$select app_public.restore_deleted_row('patients', tests.id('bogdan at atlas'))$$, 'another patient comes back meanwhile');
select tests.act_as('beata');
select app_public.remove_patient(tests.id('ana at boreal'));
select lives_ok($$select app_public.restore_deleted_row('patients', tests.id('ana at boreal'))$$, 'and so does the person at another clinic');
select tests.act_as('adrian');
select lives_ok($$select app_public.undo_patient_merge(tests.id('merge'), 'Two people after all')$$, 'the merge is undone');
select app_public.remove_patient(tests.id('ana at atlas'));
select lives_ok($$select app_public.restore_deleted_row('patients', tests.id('ana at atlas'))$$, 'then the patient is removed and comes back');
select is((select count(*) from app_public.patients), 3::bigint, 'three patients');
select * from finish();
rollback;
