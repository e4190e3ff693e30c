-- Test: document_to_issue - of many documents of a clinic the provider is given this one, with its own lines and once, though the clinic subscribed twice; a draft is not issued. BIL-03.
begin;
select plan(12);
select tests.freeze_time('2027-03-01 10:00+02'), tests.person('root', superadmin => true), tests.clinic('atlas');
-- A subscription that ended, and the one that runs.
select tests.remember('before', tests.issued_invoice(tests.id('atlas'), 700));
update app_public.organization_subscriptions set status = 'canceled', ended_at = app_hidden.now();
update app_public.billing_periods set during = tstzrange(lower(during), lower(during) + interval '1 day');
select tests.freeze_time('2027-03-05 10:00+02');
select tests.remember('invoice', tests.issued_invoice(tests.id('atlas'), 10000, 1900, lines => '{6000,4000}'));
select tests.remember('other', tests.issued_invoice(tests.id('atlas'), 500));
select tests.remember(i.name || ' ' || l.position, l.id) from (values ('before'), ('invoice'), ('other')) i (name) join app_public.invoice_lines l on l.invoice_id = tests.id(i.name);
create function pg_temp.credit(invoice text, line text, amount bigint) returns uuid language sql as $$
  select (app_public.credit_invoice(tests.id(invoice), jsonb_build_array(jsonb_build_object('lineId', tests.id(line), 'amount', amount)), 'Promised')).id $$;
create function pg_temp.lines(kind text, document text) returns text[] language sql as $$
  select array_agg(concat_ws(' ', l ->> 'kind', l ->> 'quantity', l ->> 'unitPrice', l ->> 'amount') order by place)
  from app_hidden.document_to_issue(kind, tests.id(document)) d, jsonb_array_elements(d.lines) with ordinality j (l, place) $$;
select tests.act_as('root');
select tests.remember('note', pg_temp.credit('invoice', 'invoice 1', 1000)), tests.remember('second note', pg_temp.credit('invoice', 'invoice 2', 300));

select tests.act_as('the worker');
select is((select count(*) from app_hidden.document_to_issue('invoice', tests.id('invoice'))), 1::bigint, 'an invoice is given once, though the clinic had another subscription');
select is(pg_temp.lines('invoice', 'invoice'), '{"plan 1 6000 6000","overage 1 4000 4000"}', 'with its own lines, and not those of the other invoices');
select is((select count(*) from app_hidden.document_to_issue('invoice', tests.id('before'))), 1::bigint, 'also one of the subscription that ended');
select is((select count(*) from app_hidden.document_to_issue('credit_note', tests.id('note'))), 1::bigint, 'a credit note is given once');
select is(pg_temp.lines('credit_note', 'note'), '{"plan -1 1000 -1000"}', 'with what it takes off, below zero');
select is(pg_temp.lines('credit_note', 'second note'), '{"overage -1 300 -300"}', 'and not what another one takes off');
select results_eq($$select net_amount, state, currency, issued_on, due_on, reason from app_hidden.document_to_issue('credit_note', tests.id('note'))$$,
  $$values (1000::bigint, 'queued', 'RON', '2027-03-05'::date, null::date, 'Promised')$$, 'its amount, its day and why');
select is((select invoice ->> 'id' from app_hidden.document_to_issue('credit_note', tests.id('note'))), tests.id('invoice')::text, 'and of which invoice');
select is((select count(*) from app_hidden.document_to_issue('credit_note', tests.id('invoice'))), 0::bigint, 'an invoice is no credit note');
select is((select count(*) from app_hidden.document_to_issue('invoice', tests.id('note'))), 0::bigint, 'nor a credit note an invoice');

-- What nobody numbered yet.
select tests.act_as('the database');
insert into app_public.invoices (organization_id, subscription_id, period_id, kind, status, currency, net_amount, provider, inputs, inputs_hash, usage_position, billed_to)
select organization_id, subscription_id, period_id, 'period', 'draft', currency, 1, provider, inputs, inputs_hash, 0, billed_to from app_public.invoices where id = tests.id('invoice')
returning tests.remember('draft', id);
select tests.act_as('the worker');
select is((select count(*) from app_hidden.document_to_issue('invoice', tests.id('draft'))), 0::bigint, 'a draft is not issued at the provider');
select is((select count(*) from app_hidden.document_to_issue('invoice', tests.id('other'))), 1::bigint, 'what has a number is');
select * from finish();
rollback;
