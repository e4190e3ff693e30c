-- Test: open_period_invoice, close_period (period_to_bill, advance_lines, version_on, tier_days, plan_change_lines, term_of, billed_position, bill_lines, late_lines, rate_usage, usage_spans, ai_amount, compare_usage, write_bill, draft_invoice, issue_invoice), verify_bills, verify_invoice, bill_inputs, explain_line, projected_invoice - what a subscription is billed is its own: nothing of one that ended before, nor of another clinic. BIL-02, BIL-06.
begin;
select plan(31);
select tests.clinic('boreal'), tests.clinic('atlas'), tests.staff('olga', 'owner'), tests.person('sara', superadmin => true);
select tests.bill_meter('sent', 'count'), tests.bill_meter('held', 'max');
select tests.bill_tier('Own', 90000, '{"sent": [0, 1], "held": [0, 10]}', annual => 900000, tenancy => 'dedicated', setup => 500000), tests.bill_tier('Less', 30000, '{"sent": [10, 2]}', annual => 300000, tenancy => 'dedicated');
-- The other clinic, at the same time, with more of everything.
select tests.freeze_time('2027-01-01 00:00+02'), tests.bill_subscription('boreal', 'Own', '2027-01-01', 5, tenancy => 'dedicated');
select (tests.bill_open('boreal', n)).id from generate_series(1, 4) n;
select tests.bill_use('boreal', 'sent', 1, '2027-01-05 10:00+02') from generate_series(1, 20);
select tests.bill_ai('boreal', 1000, '2027-01-05 10:00+02'), tests.bill_ai('boreal', 1000, '2027-04-05 10:00+03');

-- The first: a smaller tier is worth a credit, which is left when it ends.
select tests.bill_subscription('atlas', 'Own', '2027-01-01', 2, tenancy => 'dedicated'), tests.remember('first', tests.id('subscription of atlas'));
select tests.remember('advance', (tests.bill_open('atlas', 1)).id);
select is(tests.bill_lines_of(tests.id('advance')), '{"plan 1 x 90000 = 90000","setup 1 x 500000 = 500000"}', 'a first subscription is billed with the server');
select tests.bill_change('atlas', 'Less', '2027-01-11');
select tests.bill_use('atlas', 'sent', 1, '2027-01-05 10:00+02', 'first ' || n) from generate_series(1, 3) n;
select tests.bill_ai('atlas', 10, '2027-01-05 10:00+02');
select tests.freeze_time('2027-02-01 00:00+02');
select is((tests.bill_close('atlas', 1)).id, null, 'a smaller tier is worth more than what was used');
select is((select (net_amount, carried_after)::text from app_public.period_bills where period_id = tests.id('month 1 of atlas') and kind = 'period'), '(-40632,-40632)', 'which is carried over');
select is((tests.bill_open('atlas', 2)).id, null, 'to the next month');
set local session_replication_role = replica;
update app_public.organization_subscriptions set status = 'canceled', ended_at = '2027-02-10 00:00+02' where id = tests.id('first');
set local session_replication_role = origin;
select tests.freeze_time('2027-02-10 00:00+02'), (tests.bill_close('atlas', 2)).id;
select is((select (position, carried_before, carried_after)::text from app_public.period_bills where subscription_id = tests.id('first') order by position desc limit 1), '(4,-10632,-10632)', 'and left when it ends');

-- The second, from the tenth on.
select tests.bill_subscription('atlas', 'Own', '2027-02-10', 3, tenancy => 'dedicated');
select tests.remember('second advance', (tests.bill_open('atlas', 1)).id);
select is(tests.bill_lines_of(tests.id('second advance')), '{"plan 1 x 90000 = 90000","setup 1 x 500000 = 500000"}', 'a second one is set up anew, by its own tier, and takes nothing off for the first');
select is((select (position, carried_before)::text from app_public.period_bills where invoice_id = tests.id('second advance')), '(1,0)', 'it is the first of its bills');
select is((select inputs #>> '{versions,0,tierVersionId}' from app_public.invoices where id = tests.id('second advance')), tests.id('Own')::text, 'computed from its tier');
-- Told now: of the first one's time, and of its own.
select tests.bill_use('atlas', 'sent', 1, '2027-01-06 10:00+02', 'late ' || n), tests.bill_use('atlas', 'sent', 1, '2027-02-11 10:00+02', 'second ' || n) from generate_series(1, 2) n;
select tests.bill_ai('atlas', 20, '2027-01-06 10:00+02'), tests.bill_ai('atlas', 30, '2027-02-11 10:00+02');
select tests.freeze_time('2027-03-09 12:00+02');
select tests.act_as('olga');
select is((select array_agg(concat_ws(' ', kind, quantity, amount)) from app_public.projected_invoice(tests.id('atlas'))), '{"overage 2 2","ai 1 39"}', 'what the month comes to so far is of this subscription');
select tests.act_as('the database');
select tests.freeze_time('2027-03-10 00:00+02');
select tests.remember('second period', (tests.bill_close('atlas', 1)).id);
select is(tests.bill_lines_of(tests.id('second period')), '{"overage sent 2 x 1 = 2","ai ai_calls 1 x 39 = 39"}', 'what was used in its month is billed, and nothing of what the first one''s months were told');
select is((select array_agg(account || ' ' || amount order by account) from app_private.postings where document_id = tests.id('second period')), '{"ai_revenue -39","overage_revenue -2","receivable 41"}', 'each kind of line is revenue of its own');
select is(tests.bill_days_of(tests.id('second period')), '{"overage 2027-02-10 2027-03-10","ai 2027-02-10 2027-03-10"}', 'for its days');
select is((select jsonb_agg(m -> 'used' order by m ->> 'meter') from app_public.invoices, jsonb_array_elements(inputs #> '{usage,meters}') m where id = tests.id('second period')), '[0, 2]', 'by its usage');
select is((select inputs #>> '{usage,afterPosition}' from app_public.invoices where id = tests.id('second period')), '0', 'it was billed nothing before');
select is((select count(*) from app_private.events where name = 'billing_period.usage_differs'), 0::bigint, 'the counters of its month are what its records say');
select tests.act_as('olga');
select tests.act_as('the database'); select tests.remember('line of ' || kind, id) from app_public.invoice_lines where invoice_id = tests.id('second period'); select tests.act_as('olga');
select is((select array_agg(key order by key) from app_public.explain_line(tests.id('line of overage'))), '{"second 1","second 2"}', 'behind its line is what was used in it');
select is((select count(*) from app_public.explain_line(tests.id('line of ai'))), 1::bigint, 'and the one call');
select tests.act_as('the database');

-- Its second month, with a change of the tier and something told late of its first.
select tests.remember('third advance', (tests.bill_open('atlas', 2)).id);
select is(tests.bill_lines_of(tests.id('third advance')), '{"plan 1 x 90000 = 90000"}', 'the server was set up');
select tests.bill_change('atlas', 'Less', '2027-03-20');
select tests.bill_use('atlas', 'sent', 1, '2027-02-12 10:00+02', 'told late'), tests.bill_ai('atlas', 10, '2027-02-12 10:00+02'), tests.bill_use('atlas', 'held', 3, '2027-03-12 10:00+02', 'held');
select tests.freeze_time('2027-04-10 00:00+03');
select (tests.bill_close('atlas', 2)).id;
select is((select lines -> 0 ->> 'amount' from app_public.period_bills where period_id = tests.id('month 2 of atlas') and kind = 'period'), '-60968', 'what is left of the old price is taken off');
select is((select array_agg(concat_ws(' ', l ->> 'kind', l ->> 'meter', l ->> 'quantity', l ->> 'amount') order by n) from app_public.period_bills, jsonb_array_elements(lines) with ordinality j (l, n) where period_id = tests.id('month 2 of atlas') and kind = 'period'),
  '{"plan_change -1 -60968","plan_change 1 20323","overage held 3 10","late_overage sent 1 1","late_ai ai_calls 1 13"}', 'then what was used of it, and what was told late of its first month');
select is((select (position, net_amount, carried_before, carried_after)::text from app_public.period_bills where period_id = tests.id('month 2 of atlas') and kind = 'period'), '(4,-40621,0,-40621)', 'it carries its own credit');
select is((tests.bill_close('atlas', 1)).id, tests.id('second period'), 'closed again each is what it was');
select is((tests.bill_open('atlas', 1)).id, tests.id('second advance'), 'and opened again');
select is((select array_agg(problem) from app_private.verify_bills(tests.id('atlas'))), null, 'both come to the same when they are computed again');
select is((select count(*) from app_private.verify_bills(tests.id('boreal'))), 0::bigint, 'and so does the other clinic');

-- The other clinic's are its own, though all of it was told before and after.
select tests.remember('theirs', (tests.bill_close('boreal', 1)).id);
select is(tests.bill_lines_of(tests.id('theirs')), '{"overage sent 20 x 1 = 20","ai ai_calls 1 x 1300 = 1300"}', 'another clinic is billed what it used itself');
select is((select count(*) from app_public.billing_periods where organization_id = tests.id('boreal') and closed_at is not null), 1::bigint, 'and only that month of it is closed');
select is((select array_agg(position order by subscription_id, position) from app_public.billing_periods where organization_id = tests.id('atlas') and closed_at is not null), '{1,2,1,2}', 'as of this one those that were');
-- Nobody computes a clinic's period as another's.
select results_eq($$select distinct (select o.slug from app_public.organizations o where o.id = i.organization_id), billed_to ->> 'legalName', billed_to ->> 'billingEmail' from app_public.invoices i order by 1$$,
  $$values ('atlas', 'atlas SRL', 'billing@atlas.test'), ('boreal', 'boreal SRL', 'billing@boreal.test')$$, 'each is billed as itself');
select throws_ok($$select * from app_private.bill_lines(tests.id('boreal'), tests.id('month 1 of atlas'), 100)$$, 'P0002', null, 'another clinic''s month has no lines');
select throws_ok($$select * from app_private.advance_lines(tests.id('boreal'), tests.id('month 1 of atlas'))$$, 'P0002', null, 'nor is it billed in advance');
select * from finish();
rollback;
