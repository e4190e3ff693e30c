-- Test: billing_recipients, messages_about_payment, messages_about_credit_note, messages_about_refund - who manages the bills of a clinic now is told of what happened to its own, and each message is of one payment, note or refund. BIL-08.
begin;
select plan(12);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('boreal'), tests.staff('otto', 'owner'), tests.subscribes(tests.id('boreal'));
select tests.clinic('atlas');
select tests.staff('olga', 'owner'), tests.staff('both', 'owner'), tests.staff('left', 'owner'), tests.staff('flavia', 'front_desk'), tests.staff('desk', 'front_desk', email => 'bills@atlas.test');
insert into app_public.membership_roles (organization_id, membership_id, role_id) values (tests.id('atlas'), tests.membership_id('both'), tests.role_id('admin'));
update app_public.memberships set ended_at = app_hidden.now() where id = tests.membership_id('left');
create function pg_temp.told(clinic text) returns text[] language sql as $$
  select array_agg(coalesce(h.display_name, r.email) order by coalesce(h.display_name, r.email))
  from unnest(app_private.billing_recipients(tests.id(clinic))) r left join app_public.humans h on h.principal_id = r.human_id
$$;
create function pg_temp.tell(name text) returns void language plpgsql as $$
begin
  perform app_private.consume_notifications(e.id) from app_private.events e where e.name = tell.name;
end $$;
create function pg_temp.mails(template text) returns text[] language sql as $$
  select array_agg(concat_ws(' ', coalesce(data ->> 'paidAmount', data ->> 'creditAmount', 'no note'), data ->> 'dueAmount', data ->> 'refundAmount') order by m.created_at, m.data ->> 'paidAmount', m.data ->> 'creditAmount', m.data ->> 'refundAmount')
  from app_public.messages m where m.template_key = template and m.recipient_human_id is null and m.channel = 'email'
$$;

select tests.remember('one', tests.issued_invoice(tests.id('atlas'), 1000)), tests.remember('two', tests.issued_invoice(tests.id('atlas'), 5000));
select is(pg_temp.told('atlas'), '{Both,Olga,bills@atlas.test}', 'who manages bills, once however many roles say so, and the address for them');
select is(pg_temp.told('boreal'), '{Otto,bills@boreal.test}', 'of each clinic its own');
update app_public.humans set email = 'desk@people.test' where principal_id = tests.id('desk');
update app_public.humans set email = 'bills@atlas.test' where principal_id = tests.id('both');
update app_public.organization_billing set billing_email = 'Bills@Atlas.test' where organization_id = tests.id('atlas');
select is(pg_temp.told('atlas'), '{Both,Olga}', 'whose own address it is, however it is written, is told once');
update app_public.humans set closed_at = app_hidden.now() where principal_id = tests.id('both');
select is(pg_temp.told('atlas'), '{Both,Olga,bills@atlas.test}', 'once that account is closed the address is written to');
select tests.clinic('cetus');
select is(pg_temp.told('cetus'), null, 'where there is nobody nobody is told');

select tests.act_as('root');
select tests.remember('first', (app_public.record_bank_transfer(tests.id('one'), 300, '2027-03-01', 'FT 1')).id), tests.remember('second', (app_public.record_bank_transfer(tests.id('two'), 5000, '2027-03-01', 'FT 2')).id);
select tests.act_as('the database');
select pg_temp.tell('payment.received');
select is(pg_temp.mails('payment_received'), '{"300 700",5000}', 'of each payment, with what is due of its own invoice');
select tests.act_as('root');
select app_public.discount_invoice(tests.id('one'), 100, 'Promised'), app_public.refund_payment(tests.id('second'), 2000, 'Promised'), app_public.discount_invoice(tests.id('two'), 400, 'Promised');
select tests.act_as('the database');
select pg_temp.tell('credit_note.issued');
select is(pg_temp.mails('credit_notice'), '{100,"2000 2000",400}', 'of each credit note, with what goes back by it');
select tests.act_as('root');
select tests.remember('more', (app_public.record_bank_transfer(tests.id('two'), 1000, '2027-03-01', 'FT 4')).id);
select app_public.refund_payment(tests.id('more'), 50, 'Promised'), app_public.refund_payment(tests.id('more'), 60, 'Promised');
select tests.act_as('the database');
select pg_temp.tell('refund.requested');
select is((pg_temp.mails('credit_notice'))[4:], '{"no note 50","no note 60"}', 'of each refund without one');
select is((select count(distinct m.organization_id)::int from app_public.messages m), 1, 'and no other clinic hears of it');

-- A clinic of which nobody is left to tell.
select tests.remember('nobody''s', tests.issued_invoice(tests.id('cetus'), 1000));
delete from app_public.organization_billing where organization_id = tests.id('cetus');
select tests.act_as('root');
select tests.remember('third', (app_public.record_bank_transfer(tests.id('nobody''s'), 1100, '2027-03-01', 'FT 3')).id);
select app_public.refund_payment(tests.id('third'), 50, 'Promised'), app_public.discount_invoice(tests.id('nobody''s'), 10, 'Promised');
select tests.act_as('the database');
select lives_ok($$select pg_temp.tell('payment.received')$$, 'a receipt for nobody');
select lives_ok($$select pg_temp.tell('refund.requested'), pg_temp.tell('credit_note.issued')$$, 'and a notice for nobody');
select is((select count(*)::int from app_public.messages where organization_id = tests.id('cetus')), 0, 'are not written');
select * from finish();
rollback;
