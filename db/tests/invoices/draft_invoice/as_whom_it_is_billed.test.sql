-- Test: draft_invoice, issue_invoice, open_period_invoice, inputs_digest - an invoice says as whom the clinic is billed when it is made, with its tax id as it is sealed; without details there is none, and later details change nothing of it. BIL-02, BIL-10.
begin;
select plan(16);
select tests.clinic('boreal'), tests.clinic('cobalt'), tests.clinic('atlas'), tests.data_key('atlas', 1), tests.bill_tier('Pro', 49900);
select tests.freeze_time('2027-03-01 00:00+02');
select tests.bill_subscription(c, 'Pro', '2027-03-01', 2) from unnest('{boreal,cobalt,atlas}'::text[]) c;
update app_public.organization_billing set tax_id = tests.envelope(1), tax_id_last_four = '5678', city = 'Cluj-Napoca' where organization_id = tests.id('atlas');
select tests.remember('of ' || c, (tests.bill_open(c, 1)).id) from unnest('{boreal,atlas}'::text[]) c;
select is((select billed_to - '{street,county,postalCode,country,registrationNumber}'::text[] from app_public.invoices where id = tests.id('of atlas')), '{"legalName": "atlas SRL", "city": "Cluj-Napoca", "taxIdLastFour": "5678", "billingEmail": "billing@atlas.test"}', 'it says whom it is for');
select is((select billed_to - '{street,county,postalCode,country,registrationNumber}'::text[] from app_public.invoices where id = tests.id('of boreal')), '{"legalName": "boreal SRL", "city": "Brașov", "taxIdLastFour": null, "billingEmail": "billing@boreal.test"}', 'each its own clinic');
select is((select i.tax_id::text from app_public.invoices i where i.id = tests.id('of atlas')), (select b.tax_id::text from app_public.organization_billing b where b.organization_id = tests.id('atlas')), 'the tax id is copied as it is sealed');
select is((select tax_id_sealed_for from app_public.invoices where id = tests.id('of atlas')), 'app_public.organization_billing ' || tests.id('atlas'), 'with the row that it was sealed for');
select is((select array[i.tax_id::text, i.tax_id_sealed_for] from app_public.invoices i where i.id = tests.id('of boreal')), '{null,null}', 'one without is sealed for nothing');
select is((select inputs_hash from app_public.invoices where id = tests.id('of atlas')), (select app_private.inputs_digest(inputs, billed_to) from app_public.invoices where id = tests.id('of atlas')), 'its hash is of what it was computed from, and of whom it is for');

-- The details change: what is issued stays, what is issued next says them.
update app_public.organization_billing set legal_name = 'Atlas Nou SRL' where organization_id = tests.id('atlas');
select is((select billed_to ->> 'legalName' from app_public.invoices where id = tests.id('of atlas')), 'atlas SRL', 'what was issued says what was so');
select is((tests.bill_open('atlas', 2)).billed_to ->> 'legalName', 'Atlas Nou SRL', 'the next what is so now');

-- Nobody is billed as nobody.
set local session_replication_role = replica;
delete from app_public.organization_billing where organization_id = tests.id('cobalt');
set local session_replication_role = origin;
select * from tests.refuses($$select tests.bill_open('cobalt', 1)$$, 'STATE', 'billing_details_missing', 'without details there is no invoice');
select is((select count(*) from app_public.invoices where organization_id = tests.id('cobalt')), 0::bigint, 'not even a draft');
select is((select count(*) from app_public.period_bills where organization_id = tests.id('cobalt')), 0::bigint, 'nor is anything written down');
select is((select array_agg(number order by number) from app_public.invoices), '{1,2,3}', 'and no number is taken');

-- Who issues it, and who takes the money.
select tests.clinic('delta'), tests.bill_subscription('delta', 'Pro', '2027-03-01', 1, provider => 'stripe');
insert into app_public.organization_service_providers (organization_id, capability, provider) values (tests.id('delta'), 'invoicing', 'fgo');
select tests.remember('of delta', (tests.bill_open('delta', 1)).id);
select results_eq($$select provider, tax_state, due_on from app_public.invoices where id = tests.id('of delta')$$, $$values ('fgo', 'queued', '2027-03-01'::date)$$, 'what FGO issues goes to the tax office, and what a card pays is due today');
select results_eq($$select provider, tax_state, due_on from app_public.invoices where id = tests.id('of boreal')$$, $$values ('manual', 'not_applicable', '2027-03-15'::date)$$, 'what nobody issues does not, and a transfer has two weeks');
select is((select array_agg(invoice_id) from app_public.payment_attempts), array[tests.id('of delta')], 'the card is asked for that one, and nobody for the others');
select * from finish();
rollback;
