-- Test: cancel_form - staff take back what nobody has answered: its links are over, and no appointment asks for it. FRM-04, FRM-08, CNS-06.
begin;
select plan(40);
select tests.clinic('boreal');
select tests.staff('otto', 'admin');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk'), tests.staff('bea', 'billing');
select tests.patient('ana');
select tests.specialist('stefan', '{"mon": [["08:00", "20:00"]]}');
select tests.calendar('mondays', '{stefan}');
select tests.form_template('intake', jsonb_build_array(tests.form_item('pain', 'integer'), tests.form_item('scan', 'file')), signature_mode => 'remote_link');
select tests.form_template('terms', jsonb_build_array(tests.form_item('ok', 'boolean')), signature_mode => 'click_typed');
insert into app_public.calendar_forms (organization_id, calendar_id, template_id) values (tests.id('atlas'), tests.id('mondays'), tests.id('intake'));
select tests.appointment('first', 'ana', 'mondays', 'stefan', date_trunc('day', app_hidden.now()) + interval '30 days');
select tests.remember('asked', form_id) from app_public.appointment_forms;
select tests.signature_link('link', 'asked');
select tests.form('in portal', 'ana', 'terms'), tests.form('begun', 'ana', 'terms'), tests.form('done', 'ana', 'terms');

select tests.act_as('ana');
select * from tests.refuses($$select app_public.cancel_form(tests.id('asked'))$$, 'FORBIDDEN', 'move_not_allowed', 'a patient takes nothing back');
select tests.act_as('bea');
select * from tests.refuses($$select app_public.cancel_form(tests.id('asked'))$$, 'NOT_FOUND', 'form_not_found', 'nor who may not see forms');
select tests.act_as('otto');
select * from tests.refuses($$select app_public.cancel_form(tests.id('asked'))$$, 'NOT_FOUND', 'form_not_found', 'nor another clinic');
select tests.act_as('a visitor');
select throws_ok($$select app_public.cancel_form(tests.id('asked'))$$, '42501', null, 'nor a visitor');

select tests.act_as('flavia');
select is((app_public.cancel_form(tests.id('asked'))).status, 'cancelled', 'front desk does');
select results_eq($$select status, ended_because from app_public.signature_links$$, $$values ('revoked', 'staff')$$, 'its link is over');
select is_empty($$select from app_public.appointment_forms$$, 'and no appointment asks for it');
select results_eq($$select from_status, to_status, moved_by from app_public.form_moves where form_id = tests.id('asked') and from_status is not null$$, $$values ('pending', 'cancelled', app_hidden.current_principal_id())$$, 'who did it stands in its history');
select * from tests.refuses($$select * from app_hidden.link_to_send(tests.id('asked'), 'remote_link')$$, 'STATE', 'form_is_cancelled', 'no link of it is sent again');
select * from tests.refuses($$select app_public.request_upload('forms', tests.id('asked'), 'a.png', 'image/png', 1000, encode(sha256('a'), 'hex'))$$, 'STATE', 'form_is_cancelled', 'no file comes to it');
select * from tests.refuses($$select app_public.cancel_form(tests.id('asked'))$$, 'STATE', 'form_is_cancelled', 'nor is it taken back twice');
select lives_ok($$select app_public.cancel_form(tests.id('in portal'))$$, 'another one');
select tests.act_as('the database');
select is(tests.events_of(tests.id('asked')), '{form.created,form.cancelled}', 'which is told');
select throws_ok($$update app_public.forms set answers = '{"pain": 1}' where id = tests.id('asked')$$, null, null, 'nothing writes to it');

select tests.act_as('ana');
select is((select status from app_public.forms where id = tests.id('in portal')), 'cancelled', 'the patient sees that it is cancelled');
select * from tests.refuses($$select app_public.save_form_answers(tests.id('asked'), '{"pain": 1}')$$, 'STATE', 'form_is_cancelled', 'and does not answer it');
select * from tests.refuses($$select app_public.complete_form(tests.id('asked'))$$, 'STATE', 'form_is_cancelled', 'or complete it');
select * from tests.refuses($$select app_public.reopen_form(tests.id('asked'), 'Why not')$$, 'STATE', 'form_is_cancelled', 'or open it again');
select * from tests.refuses($$select app_public.sign_form(tests.id('in portal'), tests.text_hash('in portal'), 'ro', 'Ana', true)$$, 'STATE', 'form_is_cancelled', 'or sign it');
select * from tests.refuses($$select app_public.refuse_to_sign(tests.id('in portal'))$$, 'STATE', 'form_is_cancelled', 'or refuse to');

select lives_ok($$select app_public.save_form_answers(tests.id('begun'), '{"ok": true}'), app_public.complete_form(tests.id('done'), '{"ok": true}')$$, 'what is answered');
select tests.act_as('flavia');
select * from tests.refuses($$select app_public.cancel_form(tests.id('begun'))$$, 'STATE', 'illegal_move', 'is not taken back');
select * from tests.refuses($$select app_public.cancel_form(tests.id('done'))$$, 'STATE', 'illegal_move', 'nor what is complete');
select tests.act_as('ana');
select lives_ok($$select app_public.sign_form(tests.id('done'), tests.text_hash('done'), 'ro', 'Ana', true)$$, 'or signed');
select tests.act_as('flavia');
select * from tests.refuses($$select app_public.cancel_form(tests.id('done'))$$, 'IMMUTABLE', 'form_is_signed', 'for good');

select tests.act_as('the database');
update app_public.appointments set starts_at = starts_at + interval '7 days', ends_at = ends_at + interval '7 days' where id = tests.id('first');
select is((select count(*) from app_public.appointment_forms as linked join app_public.forms on forms.id = linked.form_id where forms.status = 'pending'), 1::bigint, 'an appointment on another day asks anew');
select * from finish();
rollback;
