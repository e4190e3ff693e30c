-- Test: change_organization_cadence, cadence_change_preview, set_cadence - what is paid goes on to its end, the next term is billed as was chosen, and all of it is computed again alike. BIL-01, BIL-02, BIL-06, BIL-08.
begin;
select plan(45);
select tests.freeze_time('2027-01-31 10:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('boreal'), tests.staff('beata', 'owner');
select tests.clinic('atlas'), tests.staff('olga', 'owner'), tests.staff('flavia', 'front_desk');
select tests.offered_tier('plus', monthly => 10000, annual => 100000), tests.offered_tier('large', monthly => 20000, annual => 200000);
select tests.billing_details('atlas'), tests.clinic_subscribed('plus', clinic => 'atlas');
create function pg_temp.change(to_cadence text, reason text default null) returns text language sql as $$
  select cadence from app_public.change_organization_cadence(tests.id('atlas'), to_cadence, reason) $$;
create function pg_temp.preview(to_cadence text) returns text language sql as $$
  select concat_ws(' ', kind, starts_on, ends_on, amount) from app_public.cadence_change_preview(tests.id('atlas'), to_cadence) $$;
-- What was billed in advance, and for which days.
create function pg_temp.billed() returns text[] language sql security definer as $$
  select array_agg(concat_ws(' ', l.kind, l.starts_on, l.ends_on, l.amount) order by l.starts_on, i.number)
  from app_public.invoices i join app_public.invoice_lines l on l.invoice_id = i.id
  where i.organization_id = tests.id('atlas') and i.kind = 'advance' $$;
-- Each bill is paid, so that nothing stops.
create function pg_temp.on(at timestamptz) returns void language plpgsql as $$
declare
  v_next timestamptz;
begin
  loop
    select min(settle_at) into v_next from app_public.organization_subscriptions where settle_at <= at;
    exit when v_next is null;
    perform tests.freeze_time(v_next);
    perform tests.settle_subscriptions();
    perform set_config('session_replication_role', 'replica', true);
    update app_public.invoices set status = 'paid', paid_amount = net_amount, payment_state = 'paid', paid_at = app_hidden.now() where status = 'issued';
    perform set_config('session_replication_role', 'origin', true);
    perform app_private.invoice_changed(organization_id, id) from app_public.invoices;
  end loop;
  perform tests.freeze_time(at);
end $$;
select is(pg_temp.billed(), '{plan 2027-01-31 2027-02-28 10000}', 'billed by the month');

select tests.act_as('flavia');
select * from tests.refuses($$select pg_temp.change('annual')$$, 'FORBIDDEN', 'permission_missing', 'whoever does not manage billing changes nothing');
select * from tests.refuses($$select pg_temp.preview('annual')$$, 'FORBIDDEN', 'permission_missing', 'and sees no preview');
select tests.act_as('beata');
select * from tests.refuses($$select pg_temp.change('annual')$$, 'NOT_FOUND', 'not_found', 'for another clinic it is not there');
select * from tests.refuses($$select app_public.change_organization_cadence(tests.id('boreal'), 'annual')$$, 'NOT_FOUND', 'clinic_not_subscribed', 'who has no subscription has none to change');
select * from tests.refuses($$select * from app_public.cadence_change_preview(tests.id('boreal'), 'annual')$$, 'NOT_FOUND', 'clinic_not_subscribed', 'nor a preview of one');
select tests.act_as('root');
select * from tests.refuses($$select pg_temp.change('annual')$$, 'VALIDATION', 'reason_missing', 'a superadmin says why');
select tests.act_as('olga');
select throws_ok($$select pg_temp.change('weekly')$$, '23514', null, 'there is no other cadence');
select is(pg_temp.preview('monthly'), null, 'what is so already costs nothing more');
select is(pg_temp.preview('annual'), 'plan 2027-02-28 2028-02-29 100000', 'the preview says from when, until when and how much');
select is(pg_temp.change('annual'), 'annual', 'the clinic chooses the year');
select is(pg_temp.billed(), '{plan 2027-01-31 2027-02-28 10000}', 'which bills nothing now');
select is(pg_temp.change('annual'), 'annual', 'a second time changes nothing');
select tests.act_as('the database');
select is(array(select payload ->> 'cadence' from app_private.events where name = 'subscription.cadence_changed'), '{annual}', 'and is told once');
select is((select cadence from app_public.billing_periods where organization_id = tests.id('atlas')), 'monthly', 'the month stays as it was billed');
select pg_temp.on('2027-03-31 09:00+03');
select is(pg_temp.billed(), '{plan 2027-01-31 2027-02-28 10000,plan 2027-02-28 2028-02-29 100000}', 'the next term is the year that the preview told');
select is(app_private.covered_until(s, paid_only => true), '2028-02-29 00:00+02', 'which is paid in advance') from app_public.organization_subscriptions s;

-- A change of the tier within the year is counted by the days of the year.
select tests.act_as('olga');
select is((select sum(amount)::bigint from app_public.tier_change_preview(tests.id('atlas'), tests.id('large'))), 91530::bigint, 'a tier is changed for the rest of the year, 335 of 366 days');
select is(pg_temp.preview('monthly'), 'plan 2028-02-29 2028-03-31 10000', 'back to the month: from the end of the year');
select is(pg_temp.change('monthly'), 'monthly', 'is chosen');
select is(pg_temp.change('annual'), 'annual', 'and taken back');
select is(pg_temp.change('monthly', ' Less at once '), 'monthly', 'and chosen again');
select is((select status_reason from app_public.organization_subscriptions), 'Less at once', 'with a reason, where one is given');
select is((select (app_public.cancel_organization_subscription(tests.id('atlas'))).cancels_on), '2028-02-29', 'what is canceled ends with the year that is paid');
select app_public.resume_organization_subscription(tests.id('atlas'));
select is((select sum(amount)::bigint from app_public.tier_change_preview(tests.id('atlas'), tests.id('large'))), 91530::bigint, 'the year is still the term');
select tests.act_as('the database');
select pg_temp.on('2028-02-28 09:00+02');
select is(cardinality(pg_temp.billed()), 2, 'the year that is paid goes on');
select pg_temp.on('2028-04-01 09:00+03');
select is(pg_temp.billed(), '{plan 2027-01-31 2027-02-28 10000,plan 2027-02-28 2028-02-29 100000,plan 2028-02-29 2028-03-31 10000,plan 2028-03-31 2028-04-30 10000}', 'then it is billed by the month');
select is_empty($$select * from app_private.verify_bills(tests.id('atlas'))$$, 'all of it comes to the same when it is computed again');

-- A second year counts from its own beginning, not from the first one's.
select tests.act_as('root');
select is(pg_temp.change('annual', 'As they asked'), 'annual', 'a superadmin changes it with a reason');
select tests.act_as('the database');
select pg_temp.on('2029-04-29 09:00+03');
select is((pg_temp.billed())[5:], '{plan 2028-04-30 2029-04-30 100000}', 'a year from the next term on');
select pg_temp.on('2029-05-01 09:00+03');
select is((pg_temp.billed())[6:], '{plan 2029-04-30 2030-04-30 100000}', 'and another one after it');
select is_empty($$select * from app_private.verify_bills(tests.id('atlas'))$$, 'and it is computed again alike');

-- Whoever owes pays first.
select tests.bill('owed', '2029-05-05');
select is(array(select tests.until('2029-05-07 00:00+03')), '{"2029-05-06 00:00 past_due"}', 'with something overdue');
select tests.act_as('olga');
select * from tests.refuses($$select pg_temp.change('monthly')$$, 'STATE', 'cadence_cannot_change', 'nothing is changed before it is paid');

-- On trial and before the beginning it is only what will be.
select tests.act_as('the database');
select tests.offered_tier('tried', trial_days => 14, monthly => 3000, annual => 30000);
select tests.clinic('cedru'), tests.staff('cora', 'owner'), tests.billing_details('cedru'), tests.clinic_subscribed('tried', clinic => 'cedru', cadence => 'annual');
select tests.act_as('cora');
select is((select concat_ws(' ', kind, starts_on, ends_on, amount) from app_public.cadence_change_preview(tests.id('cedru'), 'monthly')), 'plan 2029-05-21 2029-06-21 3000', 'on trial: from its end');
select is((app_public.change_organization_cadence(tests.id('cedru'), 'monthly')).status, 'trialing', 'it may be changed');
select tests.act_as('the database');
select tests.freeze_time('2029-05-21 09:00+03'), tests.settle_subscriptions();
select is((select array_agg(concat_ws(' ', l.kind, l.starts_on, l.ends_on, l.amount)) from app_public.invoice_lines l where l.organization_id = tests.id('cedru')), '{plan 2029-05-21 2029-06-21 3000}', 'and is billed so');
select is_empty($$select * from app_private.verify_bills(tests.id('cedru'))$$, 'alike when it is computed again');
select * from finish();
rollback;
