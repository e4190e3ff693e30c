-- Test: remembered - an old idempotency key gives somebody who lost their rights what a new one would: the refusal. FND-26, FND-05, FND-04.
begin;
select plan(145);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('flavia', 'front_desk');
select tests.specialist('sorin');
select tests.calendar('northern', '{sorin}');
select tests.booking_request('of boreal', 'northern', 'sorin', '2027-03-08 13:00+02');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk'), tests.staff('felicia', 'front_desk'), tests.staff('adrian', 'admin');
select tests.patient('ana');
select tests.clinic('empty'), tests.person('root', superadmin => true), set_config('tests.clinic', 'atlas', true);
select tests.patient('ela', account => false);
select tests.caregiver('corina', 'ela');
select tests.specialist('stefan', '{"mon": [["09:00", "17:00"]]}');
select tests.calendar('mondays', '{stefan}');
select tests.calendar('inside', '{stefan}', is_public => false);
select tests.hold('kept_flavia', 'mondays', 'stefan', '2027-03-08 09:00+02');
select tests.hold('kept_felicia', 'mondays', 'stefan', '2027-03-08 10:00+02');
select tests.hold('kept_corina', 'mondays', 'stefan', '2027-03-08 11:00+02');
select tests.hold('kept_ana', 'mondays', 'stefan', '2027-03-08 12:00+02');
select tests.booking_request('for flavia', 'mondays', 'stefan', '2027-03-08 13:00+02');
select tests.booking_request('for felicia', 'mondays', 'stefan', '2027-03-08 14:00+02');
select tests.plan('ten', 10), tests.tier('gold');
select tests.remember('squat', tests.published_exercise('squat')), tests.treatment_plan('knee', 1, 0), set_config('tests.clinic', 'atlas', true);
update app_public.organizations set telerehab_access_is_free = true where id = tests.id('atlas');
select tests.form_template(m, jsonb_build_array(tests.form_item('note', 'text')), signature_mode => m) from unnest('{remote_link,drawn_kiosk}'::text[]) m;
select tests.form(m, 'ana', m) from unnest('{remote_link,drawn_kiosk}'::text[]) m;
select tests.data_key(), set_config('tests.envelope', tests.envelope()::text, true);
select tests.clinic('delta'), tests.staff('cora', 'owner'), tests.billing_details(), tests.offered_tier('plus', 30), set_config('tests.clinic', 'atlas', true);
create function tests.sends() returns jsonb language sql as $$ select app_hidden.send_signature_link(uuidv7(), tests.id('remote_link'), sha256('l'), current_setting('tests.envelope')::bytea, null, 'birth_date', null, '{}', 'link') $$;
create function tests.opens() returns jsonb language sql as $$ select app_hidden.open_kiosk(uuidv7(), tests.id('drawn_kiosk'), sha256('k'), null, null, '{}', 'kiosk') $$;
create function tests.asks(mode text) returns jsonb language sql as $$ select answered from app_hidden.link_to_send(tests.id(mode), mode, request => '{}') $$;
select tests.webhooks('crm', 'atlas', '{patient.onboarded}');
create function tests.drafts() returns jsonb language sql as $$ select to_jsonb(p) from app_public.draft_treatment_plan('Knee again', jsonb_build_array(jsonb_build_object('title', '{"ro": "Prima", "en": "First"}'::jsonb, 'place', 'home', 'afterDays', 0, 'exercises',
  jsonb_build_array(jsonb_build_object('exerciseId', tests.id('squat'), 'prescription', '{"sets": 3, "reps": 10, "restSeconds": 30}'::jsonb)))), tests.id('atlas')) p $$;
create function tests.saves() returns jsonb language sql as $$ select app_hidden.save_webhook_subscription(uuidv7(), tests.id('atlas'), 'BI', 'https://example.com/', '{form.signed}', uuidv7(), current_setting('tests.envelope')::bytea, '{}') $$;
create function tests.rotates() returns jsonb language sql as $$ select app_hidden.rotate_webhook_secret(tests.id('crm'), uuidv7(), current_setting('tests.envelope')::bytea, '{}') $$;
create function tests.asks_for(operation text, subscription uuid) returns jsonb language sql as $$
  select jsonb_build_object('id', f.id, 'secretId', f.secret_id, 'envelope', f.envelope = current_setting('tests.envelope')::bytea) from app_hidden.webhook_subscription_form(tests.id('atlas'), subscription, operation, '{}') f where f.is_answered $$;
select tests.remember(i, tests.issued_invoice(tests.id('atlas'), 10000)) from unnest('{invoice,mistake}'::text[]) i;
select tests.remember('line', (select id from app_public.invoice_lines where invoice_id = tests.id('invoice')));
select tests.clinic('left'), tests.bill_tier('Big', 31000), tests.bill_tier('Small', 3100), tests.bill_subscription('left', 'Big', '2027-01-15', 2), tests.bill_open('left', 1);
select tests.document_of(id, 0) from app_public.invoices where organization_id = tests.id('left');
select tests.bill_change('left', 'Small', '2027-01-20'), tests.bill_close('left', 1), set_config('tests.clinic', 'atlas', true);
set local session_replication_role = replica;
update app_public.organization_subscriptions set status = 'canceled', ended_at = app_hidden.now() where organization_id = tests.id('left');
set local session_replication_role = origin;
create function tests.moves_money(verb text) returns jsonb language plpgsql as $$
begin
  return case verb
    when 'transfer' then to_jsonb(app_public.record_bank_transfer(tests.id('invoice'), 9000, '2027-03-01', 'FT 1'))
    when 'credit' then to_jsonb(app_public.credit_invoice(tests.id('invoice'), jsonb_build_array(jsonb_build_object('lineId', tests.id('line'), 'amount', 100)), 'Promised'))
    when 'discount' then to_jsonb(app_public.discount_invoice(tests.id('invoice'), 100, 'Promised'))
    when 'carried' then to_jsonb(app_public.credit_carried_amount(tests.id('subscription of left'), 'They have left'))
    when 'void' then to_jsonb(app_public.void_invoice(tests.id('mistake'), 'Made by mistake'))
    else to_jsonb(app_public.refund_payment(current_setting('tests.payment')::uuid, 100, 'Asked for it'))
  end;
end $$;
select tests.service_key('gateway'), tests.service_key('payments', 'atlas'), tests.patient('dan'), tests.subscribed('dan', 'gold', 'pending'), tests.linked('dan''s gold', 'D-1');
create function tests.calls() returns jsonb language sql as $$ select app_hidden.record_ai_call_by_key(tests.service_digest('gateway'), tests.id('atlas'), 'c1', 'gpt', '{"input_tokens": 1}', '2027-03-01 07:59+02') $$;
create function tests.reports() returns jsonb language sql as $$ select app_hidden.report_subscription_by_key(tests.service_digest('payments'), 'D-1', 'active', '2027-03-01 07:59+02') $$;
select set_config('app.idempotency_key', 'an-old-key', true);

-- The first time, everybody may.
create temporary table firsts (name text, answer jsonb);
grant all on firsts to public;
select tests.act_as('flavia');
insert into firsts select 'booked', to_jsonb(a) from app_public.book_appointment(tests.token('kept_flavia'), tests.id('ana')) a;
insert into firsts select 'confirmed', to_jsonb(a) from app_public.confirm_booking_request(tests.id('for flavia')) a;
insert into firsts select 'held', to_jsonb(a) from app_public.hold_slot(tests.id('inside'), '2027-03-08 15:00+02') a;
insert into firsts select 'booked directly', to_jsonb(a) from app_public.book_directly(tests.id('mondays'), '2027-03-08 16:00+02', tests.id('ana')) a;
insert into firsts select 'series', jsonb_agg(to_jsonb(a)) from app_public.book_series(tests.id('mondays'), '2027-03-22 10:00+02', tests.id('ana'), 2) a;
insert into firsts select 'moved', to_jsonb(a) from app_public.reschedule_appointment((select (answer ->> 'id')::uuid from firsts where name = 'booked directly'), '2027-03-15 10:00+02') a;
insert into firsts select 'cancelled', to_jsonb(a) from app_public.cancel_appointment((select (answer ->> 'id')::uuid from firsts where name = 'confirmed')) a;
insert into firsts select 'reinstated', to_jsonb(a) from app_public.reinstate_appointment((select (answer ->> 'id')::uuid from firsts where name = 'confirmed')) a;
insert into firsts select 'invited', to_jsonb(i) from app_public.invite_patient(tests.id('atlas'), tests.id('ela'), 'ela@people.test') i;
insert into firsts select 'sold', to_jsonb(p) from app_public.enrol_patient(tests.id('ana at atlas'), tests.id('ten')) p;
insert into firsts select 'subscribed', to_jsonb(s) from app_public.start_subscription(tests.id('ana at atlas'), tests.id('gold')) s;
insert into firsts select 'corrected', to_jsonb(e) from app_public.adjust_entitlement((select id from app_public.patient_entitlements), 1, 'A gift') e;
insert into firsts select 'opened', to_jsonb(a) from app_public.grant_access(tests.id('ana at atlas'), 'library_access', 'A gift') a;
insert into firsts select 'waits', to_jsonb(w) from app_public.join_waitlist(tests.id('mondays'), '2027-03-01', '2027-04-30', patient_profile_id => tests.id('ana')) w;
insert into firsts select 'offered', to_jsonb(o) from app_public.offer_time((select (answer ->> 'waitlist_entry_id')::uuid from firsts where name = 'waits'), '2027-03-29 11:00+03') o;
insert into firsts select 'taken', to_jsonb(h) from app_public.take_own_offer((select (answer ->> 'id')::uuid from firsts where name = 'offered')) h;
insert into firsts select 'added', to_jsonb(a) from app_public.add_to_appointment((select (answer ->> 'id')::uuid from firsts where name = 'booked'), tests.id('service of mondays'), minutes => 0) a;
insert into firsts values ('sent', tests.sends()), ('at the kiosk', tests.opens());
select isnt((app_public.resend_invitation((select (answer ->> 'id')::uuid from firsts where name = 'invited'))).id, null, 'flavia invites, twice');
select tests.act_as('adrian');
select isnt((app_public.invite_member(tests.id('atlas'), 'new@people.test', 'New', array[tests.role_id('billing')])).id, null, 'adrian a colleague');
select is((app_public.create_segment(tests.id('atlas'), 'Toți', '{"all": []}')).name, 'Toți', 'and makes a segment');
select is((select count(*)::int from app_public.segments where segments.id = (app_public.create_segment(tests.id('atlas'), 'Toți', '{"all": []}')).id), 1, 'once');
insert into firsts select 'assigned', to_jsonb(t) from app_public.assign_treatment_plan(tests.id('ana at atlas'), tests.id('knee'), '2027-03-01') t;
select is((select to_jsonb(t) from app_public.assign_treatment_plan(tests.id('ana at atlas'), tests.id('knee'), '2027-03-01') t), (select answer from firsts where name = 'assigned'), 'a treatment plan is assigned once');
select tests.act_as('cora');
insert into firsts select 'clinic subscribed', to_jsonb(b) from app_public.subscribe_organization(tests.id('delta'), tests.id('plus'), 'monthly') b;
select is((select to_jsonb(b) from app_public.subscribe_organization(tests.id('delta'), tests.id('plus'), 'monthly') b), (select answer from firsts where name = 'clinic subscribed'), 'the clinic subscribes once');
select tests.act_as('adrian');
insert into firsts select 'key', to_jsonb(k) from app_public.create_service_account_key('patient_subscriptions', 'Payments', tests.id('atlas')) k;
select is((select to_jsonb(k) from app_public.create_service_account_key('patient_subscriptions', 'Payments', tests.id('atlas')) k), (select answer from firsts where name = 'key'), 'a key is made and told once');
insert into firsts values ('drafted', tests.drafts());
select is(tests.drafts(), (select answer from firsts where name = 'drafted'), 'and drafted once');
insert into firsts values ('webhooks', tests.saves()), ('secret', tests.rotates());
select is(array[tests.saves(), tests.rotates()], array(select answer from firsts where name in ('webhooks', 'secret') order by name desc), 'one subscription, and one secret more');
select is(array[tests.asks_for('save_webhook_subscription', null), tests.asks_for('rotate_webhook_secret', tests.id('crm'))],
  array(select answer || '{"envelope": true}' from firsts where name in ('webhooks', 'secret') order by name desc), 'before another is sealed of each, with the envelope of the first');
select tests.act_as('the authenticator');
insert into firsts values ('called', tests.calls()), ('reported', tests.reports());
select is(array[tests.calls(), tests.reports()], array(select answer from firsts where name in ('called', 'reported') order by name), 'a program records a call and reports a payment once');
select tests.act_as('root');
select is((app_public.appoint_owner(tests.id('empty'), 'own@people.test', 'Own')).slug, 'empty', 'the platform names an owner');
insert into firsts select 'clinic', to_jsonb(o) from app_public.create_organization('nova', 'Nova', 'nora@people.test', 'Nora') o;
select is((select to_jsonb(o) from app_public.create_organization('nova', 'Nova', 'nora@people.test', 'Nora') o), (select answer from firsts where name = 'clinic'), 'a clinic is opened once');
select is((app_public.appoint_owner(tests.id('empty'), 'own@people.test', 'Own')).slug, 'empty', 'and, asked again with the key, the same one');
insert into firsts values ('transfer', tests.moves_money('transfer'));
select set_config('tests.payment', (select answer ->> 'id' from firsts where name = 'transfer'), true);
insert into firsts select verb, tests.moves_money(verb) from unnest('{credit,discount,carried,void,refund}'::text[]) verb;
select is(tests.moves_money(verb), (select answer from firsts where name = verb), 'money moves once: ' || verb) from unnest('{transfer,credit,discount,carried,void,refund}'::text[]) verb;
select tests.act_as('felicia');
select isnt((app_public.book_appointment(tests.token('kept_felicia'), tests.id('ana'))).id, null, 'felicia books');
select isnt((app_public.confirm_booking_request(tests.id('for felicia'))).id, null, 'and confirms');
select tests.act_as('corina');
select isnt((app_public.book_appointment(tests.token('kept_corina'), tests.id('ela'))).id, null, 'corina books for the child');
select tests.act_as('ana');
select isnt((app_public.book_appointment(tests.token('kept_ana'), tests.id('ana'))).id, null, 'ana for herself');
select isnt((app_public.request_profile_claim(tests.id('atlas'), '0722 000 111', 'Ana', 'Popescu')).id, null, 'and asks for a code');

-- Who still may gets the first answer, at the clinic it is of or at none in particular.
select tests.act_as('flavia');
select is((select to_jsonb(a) from app_public.book_appointment(tests.token('kept_flavia'), tests.id('ana')) a), (select answer from firsts where name = 'booked'), 'the same booking');
select is((select to_jsonb(a) from app_public.confirm_booking_request(tests.id('for flavia')) a), (select answer from firsts where name = 'confirmed'), 'the same appointment');
select is((select to_jsonb(a) from app_public.hold_slot(tests.id('inside'), '2027-03-08 15:00+02') a), (select answer from firsts where name = 'held'), 'the same hold');

select is((select to_jsonb(a) from app_public.book_directly(tests.id('mondays'), '2027-03-08 16:00+02', tests.id('ana')) a), (select answer from firsts where name = 'booked directly'), 'the same booking at the desk');

select is((select to_jsonb(a) from app_public.reschedule_appointment((select (answer ->> 'id')::uuid from firsts where name = 'booked directly'), '2027-03-15 10:00+02') a), (select answer from firsts where name = 'moved'), 'the same move');
select is((select jsonb_agg(to_jsonb(a)) from app_public.book_series(tests.id('mondays'), '2027-03-22 10:00+02', tests.id('ana'), 2) a), (select answer from firsts where name = 'series'), 'the same series');
select is((select to_jsonb(a) from app_public.reinstate_appointment((select (answer ->> 'id')::uuid from firsts where name = 'confirmed')) a), (select answer from firsts where name = 'reinstated'), 'the same one taken back');
select is((select to_jsonb(p) from app_public.enrol_patient(tests.id('ana at atlas'), tests.id('ten')) p), (select answer from firsts where name = 'sold'), 'the same plan');
select is((select to_jsonb(s) from app_public.start_subscription(tests.id('ana at atlas'), tests.id('gold')) s), (select answer from firsts where name = 'subscribed'), 'the same subscription');
select is((select to_jsonb(e) from app_public.adjust_entitlement((select id from app_public.patient_entitlements), 1, 'A gift') e), (select answer from firsts where name = 'corrected'), 'the same correction');
select results_eq($$select entry, quantity from app_public.entitlement_entries order by number$$, $$values ('grant', 10), ('grant', 1), ('debit', -1), ('debit', -1)$$, 'made once');
select is(array[tests.sends(), tests.opens()], array(select answer from firsts where name in ('sent', 'at the kiosk') order by name desc), 'the same link and the same kiosk');
select set_config('app.impersonator_id', tests.id('atlas')::text, true);
select tests.refuses(format('select tests.asks(%L)', m), 'FORBIDDEN', 'impersonators_do_not_sign', 'whoever acts as somebody else is not told what opens a form: ' || m) from unnest('{remote_link,drawn_kiosk}'::text[]) m;
select set_config('app.impersonator_id', '', true);
select is(array[tests.asks('remote_link'), tests.asks('drawn_kiosk')], array(select answer from firsts where name in ('sent', 'at the kiosk') order by name desc), 'before another is made of each');
select is((select to_jsonb(a) from app_public.grant_access(tests.id('ana at atlas'), 'library_access', 'A gift') a), (select answer from firsts where name = 'opened'), 'the same access');
select is((select to_jsonb(w) from app_public.join_waitlist(tests.id('mondays'), '2027-03-01', '2027-04-30', patient_profile_id => tests.id('ana')) w), (select answer from firsts where name = 'waits'), 'the same place in the line');
select is((select to_jsonb(o) from app_public.offer_time((select (answer ->> 'waitlist_entry_id')::uuid from firsts where name = 'waits'), '2027-03-29 11:00+03') o), (select answer from firsts where name = 'offered'), 'the same offer');
select is((select to_jsonb(h) from app_public.take_own_offer((select (answer ->> 'id')::uuid from firsts where name = 'offered')) h), (select answer from firsts where name = 'taken'), 'taken once');
select is((select to_jsonb(a) from app_public.add_to_appointment((select (answer ->> 'id')::uuid from firsts where name = 'booked'), tests.id('service of mondays'), minutes => 0) a), (select answer from firsts where name = 'added'), 'the same add-on');
select set_config('tests.' || name, coalesce(answer ->> 'id', answer ->> 'waitlist_entry_id'), true) is not null from firsts where name in ('waits', 'offered', 'booked');

select * from tests.refuses('select tests.drafts()', 'FORBIDDEN', 'permission_missing', 'who may not plan drafts nothing, key or not');

-- At another clinic of theirs nothing of it is there.
select tests.act_as('flavia', 'boreal');
select * from tests.refuses($$select app_public.book_appointment(tests.token('kept_flavia'), tests.id('ana'))$$, 'NOT_FOUND', 'patient_not_found', 'a request that names another clinic gets no booking');
select * from tests.refuses($$select app_public.confirm_booking_request(tests.id('for flavia'))$$, 'NOT_FOUND', 'booking_request_not_found', 'and no confirmation');
select * from tests.refuses($$select app_public.hold_slot(tests.id('inside'), '2027-03-08 15:00+02')$$, 'NOT_FOUND', 'calendar_not_found', 'and no hold');

select * from tests.refuses($$select app_public.book_directly(tests.id('mondays'), '2027-03-08 16:00+02', tests.id('ana'))$$, 'NOT_FOUND', 'not_found', 'nor one made at the desk');

-- A role that is taken away: felicia may look, and no more.
select tests.act_as('the database');
insert into app_public.roles (organization_id, key, name) values (tests.id('atlas'), 'onlooker', 'Onlooker');
insert into app_public.role_permissions (organization_id, role_id, permission)
select organization_id, id, permission from app_public.roles, unnest('{appointments.view,patients.view}'::text[]) permission where key = 'onlooker';
update app_public.membership_roles set role_id = (select id from app_public.roles where key = 'onlooker')
where membership_id = (select memberships.id from app_public.memberships
                       join tests.personas on principal_id = human_id where name = 'felicia');
select tests.act_as('felicia');
select * from tests.refuses($$select app_public.book_appointment(tests.token('kept_felicia'), tests.id('ana'))$$, 'FORBIDDEN', 'move_not_allowed', 'who may only look books nothing again');
select * from tests.refuses($$select app_public.confirm_booking_request(tests.id('for felicia'))$$, 'FORBIDDEN', 'move_not_allowed', 'and confirms nothing again');

-- A membership that ended.
select tests.act_as('the database');
update app_public.memberships set ended_at = now()
where organization_id = tests.id('atlas') and human_id = (select principal_id from tests.personas where name = 'flavia' limit 1);
select tests.act_as('flavia');
select set_config('app.organization_id', '', true);
select * from tests.refuses($$select app_public.book_appointment(tests.token('kept_flavia'), tests.id('ana'))$$, 'NOT_FOUND', 'patient_not_found', 'who left the clinic gets no patient');
select * from tests.refuses($$select app_public.confirm_booking_request(tests.id('for flavia'))$$, 'NOT_FOUND', 'booking_request_not_found', 'and no appointment');
select * from tests.refuses($$select app_public.hold_slot(tests.id('inside'), '2027-03-08 15:00+02')$$, 'NOT_FOUND', 'calendar_not_found', 'and no time of a calendar that only staff see');

select * from tests.refuses($$select app_public.book_directly(tests.id('mondays'), '2027-03-08 16:00+02', tests.id('ana'))$$, 'NOT_FOUND', 'not_found', 'nor what was booked at the desk');
select set_config('tests.direct', (select answer ->> 'id' from firsts where name = 'booked directly'), true), set_config('tests.confirmed', (select answer ->> 'id' from firsts where name = 'confirmed'), true);
select * from tests.refuses($$select app_public.reschedule_appointment(current_setting('tests.direct')::uuid, '2027-03-15 10:00+02')$$, 'NOT_FOUND', 'appointment_not_found', 'nor what they moved');
select * from tests.refuses($$select app_public.book_series(tests.id('mondays'), '2027-03-22 10:00+02', tests.id('ana'), 2)$$, 'NOT_FOUND', 'not_found', 'nor which series they booked');
select * from tests.refuses($$select app_public.reinstate_appointment(current_setting('tests.confirmed')::uuid)$$, 'NOT_FOUND', 'appointment_not_found', 'nor what they took back');
select * from tests.refuses($$select app_public.invite_patient(tests.id('atlas'), tests.id('ela'), 'ela@people.test')$$, 'NOT_FOUND', 'not_found', 'nor whom they invited');
select * from tests.refuses($$select app_public.resend_invitation((select (answer ->> 'id')::uuid from firsts where name = 'invited'))$$, 'NOT_FOUND', 'invitation_not_found', 'once or twice');
select * from tests.refuses($$select app_public.enrol_patient(tests.id('ana at atlas'), tests.id('ten'))$$, 'NOT_FOUND', 'not_found', 'nor what they sold');
select * from tests.refuses($$select app_public.start_subscription(tests.id('ana at atlas'), tests.id('gold'))$$, 'NOT_FOUND', 'not_found', 'nor who subscribed');
select * from tests.refuses($$select app_public.grant_access(tests.id('ana at atlas'), 'library_access', 'A gift')$$, 'NOT_FOUND', 'not_found', 'nor what they opened');
select * from tests.refuses($$select tests.sends()$$, 'NOT_FOUND', 'not_found', 'nor the link');
select * from tests.refuses($$select tests.opens()$$, 'NOT_FOUND', 'not_found', 'nor the kiosk');
select * from tests.refuses($$select app_public.join_waitlist(tests.id('mondays'), '2027-03-01', '2027-04-30', patient_profile_id => tests.id('ana'))$$, 'NOT_FOUND', 'patient_not_found', 'nor who waits');
select * from tests.refuses($$select app_public.offer_time(current_setting('tests.waits')::uuid, '2027-03-29 11:00+03')$$, 'NOT_FOUND', 'not_found', 'nor what they offered');
select * from tests.refuses($$select app_public.take_own_offer(current_setting('tests.offered')::uuid)$$, 'NOT_FOUND', 'offer_not_found', 'nor took');
select * from tests.refuses($$select app_public.add_to_appointment(current_setting('tests.booked')::uuid, tests.id('service of mondays'), minutes => 0)$$, 'NOT_FOUND', 'appointment_not_found', 'nor added');
select tests.refuses(format('select tests.asks(%L)', m), 'NOT_FOUND', 'not_found', 'nor that there is one: ' || m) from unnest('{remote_link,drawn_kiosk}'::text[]) m;
select set_config('tests.corrected', (select answer ->> 'id' from firsts where name = 'corrected'), true);
select * from tests.refuses($$select app_public.adjust_entitlement(current_setting('tests.corrected')::uuid, 1, 'A gift')$$, 'NOT_FOUND', 'not_found', 'nor what they corrected');
select tests.act_as('the database');
update app_public.memberships set ended_at = now()
where organization_id = tests.id('atlas') and human_id = (select principal_id from tests.personas where name = 'adrian');
select tests.act_as('adrian');
select * from tests.refuses($$select app_public.invite_member(tests.id('atlas'), 'new@people.test', 'New', array[tests.role_id('billing')])$$, 'NOT_FOUND', 'not_found', 'nor does who ran the clinic');
select * from tests.refuses($$select app_public.create_segment(tests.id('atlas'), 'Toți', '{"all": []}')$$, 'NOT_FOUND', 'not_found', 'nor makes the segment');
select * from tests.refuses($$select app_public.assign_treatment_plan(tests.id('ana at atlas'), tests.id('knee'), '2027-03-01')$$, 'NOT_FOUND', 'not_found', 'nor the treatment plan');
select * from tests.refuses($$select app_public.create_service_account_key('patient_subscriptions', 'Payments', tests.id('atlas'))$$, 'NOT_FOUND', 'not_found', 'nor is told the key of a program');
select * from tests.refuses('select tests.saves()', 'NOT_FOUND', 'not_found', 'nor is told of the subscription');
select * from tests.refuses('select tests.rotates()', 'NOT_FOUND', 'not_found', 'nor of its secret');
select * from tests.refuses($$select tests.asks_for('rotate_webhook_secret', tests.id('crm'))$$, 'NOT_FOUND', 'not_found', 'nor gets its envelope');
select tests.act_as('the database');
update app_public.memberships set ended_at = now() where organization_id = tests.id('delta');
select tests.act_as('cora');
select * from tests.refuses($$select app_public.subscribe_organization(tests.id('delta'), tests.id('plus'), 'monthly')$$, 'NOT_FOUND', 'not_found', 'nor to what they subscribed it');

select tests.act_as('the database');
update app_public.service_account_keys set revoked_at = now();
select tests.act_as('the authenticator');
select * from tests.refuses('select tests.calls()', 'UNAUTHENTICATED', 'service_key_invalid', 'nor does a program whose key was revoked hear of its call');
select * from tests.refuses('select tests.reports()', 'UNAUTHENTICATED', 'service_key_invalid', 'or of its report');

select tests.act_as('the database');
update app_public.principals set platform_role = null where id = tests.id('root');
select tests.act_as('root');
select * from tests.refuses($$select app_public.appoint_owner(tests.id('empty'), 'own@people.test', 'Own')$$, 'FORBIDDEN', 'superadmin_only', 'nor who ran the platform');
select * from tests.refuses($$select app_public.create_organization('nova', 'Nova', 'nora@people.test', 'Nora')$$, 'FORBIDDEN', 'superadmin_only', 'and opened clinics');
select tests.refuses(format('select tests.moves_money(%L)', verb), 'FORBIDDEN', 'superadmin_only', 'and moved money: ' || verb) from unnest('{transfer,credit,discount,carried,void,refund}'::text[]) verb;

-- A caregiver who is none any more, and an account that was closed.
select tests.act_as('the database');
update app_public.caregivers set revoked_at = now();
select tests.act_as('corina');
select * from tests.refuses($$select app_public.book_appointment(tests.token('kept_corina'), tests.id('ela'))$$, 'NOT_FOUND', 'patient_not_found', 'who cares for the child no more hears nothing of it');
select tests.act_as('the database');
update app_public.principals set disabled_at = now() where id = (select principal_id from tests.personas where name = 'ana');
select tests.act_as('ana');
select * from tests.refuses($$select app_public.book_appointment(tests.token('kept_ana'), tests.id('ana'))$$, 'UNAUTHENTICATED', 'account_disabled', 'a closed account hears nothing at all');
select * from tests.refuses($$select app_public.request_profile_claim(tests.id('atlas'), '0722 000 111', 'Ana', 'Popescu')$$, 'FORBIDDEN', 'email_not_verified', 'and claims nothing');
select * from finish();
rollback;
